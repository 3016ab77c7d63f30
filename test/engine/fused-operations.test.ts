import { describe, expect, test } from 'vitest';
import { cpuOperations } from '../../src/engine/cpu-operations.js';
import {
  gatherRows,
  packedTensor,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
  statelessGamma,
  statelessUniform,
  unpackBytes,
} from '../../src/engine/fused-operations.js';
import { composedCrossEntropy, composedSparseCrossEntropy } from '../../src/engine/composed-cross-entropy.js';
import { executeMany, float32, int32 } from '../../src/engine/raw-operations.js';
import type { Clip } from '../../src/engine/network-operations.js';
import { stockOperations } from '../../src/engine/stock-operations.js';
import {
  tf,
  type Rank,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '../../src/engine/tfjs.js';

/** Numbers in [−1, 1) that differ between calls by their seed. */
const random = <T extends Tensor>(shape: number[], seed: number): T =>
  tf.tidy(() => statelessUniform(shape, [seed, 7]).mul(2).sub<T>(1));

type Function = (...inputs: Tensor[]) => Tensor;

/** Weights the outputs, so that the gradient of every output counts. */
const objective = (f: Function, inputs: Tensor[]) => {
  const output = f(...inputs);
  return output.mul(random(output.shape, 99)).sum();
};

/** Compares the gradients of two ways to compute the same function. */
function expectSameGradients(fused: Function, plain: Function, inputs: Tensor[]): void {
  const gradients = [fused, plain].map((f) => tf.grads((...x: Tensor[]) => objective(f, x))(inputs));
  expectClose(fused(...inputs), plain(...inputs));
  for (const index of inputs.keys()) expectClose(gradients[0]![index]!, gradients[1]![index]!);
}

function expectClose(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const error = actual.sub(expected).norm().div(expected.norm().add(1e-12)).dataSync()[0];
  expect(error).toBeLessThan(1e-4);
}

/** Central differences of a few entries of input `which`. */
function expectNumericGradient(f: Function, inputs: Tensor[], which: number): void {
  const gradient = tf
    .grads((...x: Tensor[]) => objective(f, x))(inputs)
    [which]!.dataSync();
  const values = inputs[which]!.dataSync();
  const step = 1e-2;
  for (const index of [0, Math.floor(values.length / 2), values.length - 1]) {
    const at = (offset: number) => {
      const moved = Float32Array.from(values);
      moved[index]! += offset;
      const shifted = inputs.map((input, i) => (i === which ? tf.tensor(moved, input.shape) : input));
      return objective(f, shifted).dataSync()[0]!;
    };
    const numeric = (at(step) - at(-step)) / (2 * step);
    expect(Math.abs(gradient[index]! - numeric)).toBeLessThan(0.02 * Math.max(1, Math.abs(numeric)));
  }
}

describe.each([
  ['our kernels', cpuOperations],
  ["TensorFlow's kernels", stockOperations],
] as const)('by %s, as TensorFlow.js decomposes them and by numeric gradients', (_, operations) => {
  // Channels: a few, and as many as fill vectors of every width with some left over.
  const shapes = [
    [2, 7, 7, 3],
    [3, 4, 4, 47],
    [2, 1, 1, 5],
    [1, 2, 2, 16],
    [2, 5, 6, 32],
  ] as const;

  test.each(shapes.flatMap((shape) => [1, 2].map((stride) => [shape, stride as 1 | 2] as const)))(
    'depthwise convolution of %o, stride %i',
    (shape, stride) => {
      const inputs = [random([...shape], 2), random([3, 3, shape[3], 1], 3)];
      const fused: Function = (x, kernel) =>
        operations.depthwiseConvolution(x as Tensor4D, kernel as Tensor4D, stride);
      const plain: Function = (x, k) => tf.depthwiseConv2d(x as Tensor4D, k as Tensor4D, stride, 'same');
      expectSameGradients(fused, plain, inputs);
      expectNumericGradient(fused, inputs, 0);
      expectNumericGradient(fused, inputs, 1);
    },
  );

  test.each([
    [1, 1, 1],
    [2, 2, 1],
    [7, 5, 1],
    [28, 28, 1],
    [1, 1, 3],
    [7, 10, 3],
    [32, 32, 3],
  ])(
    'image convolution of %i × %i pixels, %i channels: the gradient of its kernel',
    (height, width, channels) => {
      const x = random<Tensor4D>([2, height, width, channels], 4);
      const kernel = random<Tensor4D>([3, 3, channels, 19], 5);
      expectSameGradients(
        (k) => operations.imageConvolution(x, k as Tensor4D),
        (k) => tf.conv2d(x, k as Tensor4D, 2, 'same'),
        [kernel],
      );
    },
  );

  test.each([
    [3, 5],
    [16, 32],
    [37, 70],
    [130, 33],
  ])('pointwise convolution, %i to %i channels', (channels, filters) => {
    const inputs = [random([2, 7, 7, channels], 6), random([channels, filters], 7)];
    const fused: Function = (x, kernel) => operations.pointwiseConvolution(x as Tensor4D, kernel as Tensor2D);
    const plain: Function = (x, k) =>
      tf.conv2d(x as Tensor4D, k.reshape([1, 1, channels, filters]), 1, 'same');
    expectSameGradients(fused, plain, inputs);
    expectNumericGradient(fused, inputs, 1);
  });

  const clipped: Readonly<Record<Clip, (x: Tensor) => Tensor>> = {
    none: (x) => x,
    relu6: (x) => x.clipByValue(0, 6),
  };
  test.each(
    [...shapes.slice(0, 2), shapes[4], [65, 6, 6, 2] as const].flatMap((shape) =>
      (['none', 'relu6'] as const).map((clip) => [shape, clip] as const),
    ),
  )('batch normalisation of %o, clip %s', (shape, clip) => {
    const channels = [shape[3]];
    const inputs = [
      random([...shape], 8).add(random(channels, 12).mul(20)),
      random(channels, 9).add(1.5).mul(3),
      random(channels, 10).mul(4),
    ];
    const fused: Function = (x, gamma, beta) =>
      operations.batchNorm(x as Tensor4D, gamma as Tensor1D, beta as Tensor1D, clip).y;
    const plain: Function = (x, gamma, beta) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return clipped[clip](x.sub(mean).div(variance.add(1e-3).sqrt()).mul(gamma).add(beta));
    };
    expectSameGradients(fused, plain, inputs);
    const [x, gamma, beta] = inputs as [Tensor4D, Tensor1D, Tensor1D];
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const { y, statistics } = operations.batchNorm(x, gamma, beta, clip);
    const beyond = y.less(0).logicalOr(y.greater(6)).any().dataSync()[0];
    expect(beyond).toBe(clip === 'none' ? 1 : 0);
    expectClose(statistics.mean, mean);
    const biased = statistics.variance.mul<Tensor1D>(statistics.correction);
    expectClose(biased, variance);
    expectClose(
      operations.batchNormInference(x, gamma, beta, statistics.mean, biased, clip),
      plain(x, gamma, beta),
    );
  });

  test.each(['none', 'relu6'] as const)(
    'batch normalisation: numeric gradients where clip %s does not bend',
    (clip) => {
      const inputs = [
        random([4, 3, 3, 2], 8),
        random([2], 9).add(1.5).mul(0.3),
        random([2], 10).add(clip === 'none' ? -3 : 3),
      ];
      const fused: Function = (x, gamma, beta) =>
        operations.batchNorm(x as Tensor4D, gamma as Tensor1D, beta as Tensor1D, clip).y;
      for (const which of [0, 1, 2]) expectNumericGradient(fused, inputs, which);
    },
  );

  test('what is not a number stays so', () => {
    const values = tf.zeros([1, 2, 2, 1]).div<Tensor4D>(0);
    const [gamma, beta] = [tf.ones([1]), tf.zeros([1])] as [Tensor1D, Tensor1D];
    for (const clip of ['none', 'relu6'] as const)
      expect([...operations.batchNorm(values, gamma, beta, clip).y.dataSync()]).toEqual([NaN, NaN, NaN, NaN]);
  });

  test('the statistics belong to the caller’s tidy', () => {
    const [x, ones] = [random<Tensor4D>([2, 3, 3, 4], 8), tf.ones<Rank.R1>([4])];
    const use = () => tf.tidy(() => operations.batchNorm(x, ones, ones, 'relu6').statistics.mean.dataSync());
    const before = tf.memory().numTensors;
    expect(use().every(Number.isFinite)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('operations for every device', () => {
  test('sparse softmax cross-entropy', () => {
    const logits = random<Tensor2D>([6, 4], 11);
    const labels = tf.tensor1d([0, 1, 2, 3, 0, 1], 'int32');
    expectSameGradients(
      (l) => sparseSoftmaxCrossEntropy(l as Tensor2D, labels),
      (l) => tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 4), l),
      [logits],
    );
  });

  test('softmax cross-entropy against shares of the classes', () => {
    const logits = random<Tensor2D>([6, 4], 11);
    const targets = random<Tensor2D>([6, 4], 12).softmax();
    const fused: Function = (l) => softmaxCrossEntropy(l as Tensor2D, targets);
    expectSameGradients(fused, (l) => tf.losses.softmaxCrossEntropy(targets, l), [logits]);
    expectNumericGradient(fused, [logits], 0);
  });

  test('what a GPU has in place of the kernels of cross-entropy gives the same', () => {
    const logits = random<Tensor2D>([6, 4], 11).mul<Tensor2D>(30);
    const labels = tf.tensor1d([0, 1, 2, 3, 0, 1], 'int32');
    const targets = random<Tensor2D>([6, 4], 12).softmax();
    const kernels = [
      executeMany(
        'SparseSoftmaxCrossEntropyWithLogits',
        [float32('T'), int32('Tlabels')],
        [logits, labels],
        2,
      ),
      executeMany('SoftmaxCrossEntropyWithLogits', [float32('T')], [logits, targets], 2),
    ];
    const composed = [composedSparseCrossEntropy(logits, labels), composedCrossEntropy(logits, targets)];
    for (const [index, [losses, gradients]] of composed.entries()) {
      expectClose(losses, kernels[index]![0]!);
      expectClose(gradients, kernels[index]![1]!);
    }
  });

  test.each([false, true])(
    'bytes of packed numbers, and rows by their indices; as on a GPU: %s',
    (isOnGpu) => {
      const packed = packedTensor(Int32Array.of(0x04030201, -1, 0, 0x00ff8000), [2, 2], isOnGpu);
      const bytes = [1, 2, 3, 4, 255, 255, 255, 255, 0, 0, 0, 0, 0, 128, 255, 0]; // as float32, one is no number
      expect([...unpackBytes(packed).dataSync()]).toEqual(bytes);
      const rows = gatherRows(packed, tf.tensor1d([1, 1, 0], 'int32'));
      expect([...unpackBytes(rows).dataSync()]).toEqual([
        ...bytes.slice(8),
        ...bytes.slice(8),
        ...bytes.slice(0, 8),
      ]);
    },
  );

  test('rows of whole numbers', () => {
    const packed = tf.tensor2d([0x04030201, -1, 0, 0x00ff8000], [2, 2], 'int32');
    const rows = gatherRows(packed, tf.tensor1d([1, 1, 0], 'int32')).dataSync();
    expect([...rows]).toEqual([0, 0x00ff8000, 0, 0x00ff8000, 0x04030201, -1]);
  });

  test('gamma draws have the mean and the variance of the distribution, and repeat by seed', () => {
    const draws = statelessGamma([20000], 0.7, [1, 2]);
    const { mean, variance } = tf.moments(draws);
    expect(mean.dataSync()[0]).toBeCloseTo(0.7, 1);
    expect(variance.dataSync()[0]).toBeCloseTo(0.7, 1);
    expect(statelessGamma([20000], 0.7, [1, 2]).dataSync()).toEqual(draws.dataSync());
  });
});

test('stateless numbers repeat by seed, differ between seeds, and lie in [0, 1)', () => {
  const [a, b, c] = [
    statelessUniform([1000], [1, 2]),
    statelessUniform([1000], [1, 2]),
    statelessUniform([1000], [1, 3]),
  ];
  expect(a.dataSync()).toEqual(b.dataSync());
  expect(a.dataSync()).not.toEqual(c.dataSync());
  expect(a.min().dataSync()[0]).toBeGreaterThanOrEqual(0);
  expect(a.max().dataSync()[0]).toBeLessThan(1);
  expect(a.mean().dataSync()[0]).toBeCloseTo(0.5, 1);
});
