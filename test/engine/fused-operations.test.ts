import { describe, expect, test } from 'vitest';
import {
  batchNormTraining,
  depthwiseConvolution,
  imageConvolution,
  pointwiseConvolution,
  relu6,
  sparseSoftmaxCrossEntropy,
  statelessUniform,
} from '../../src/engine/fused-operations.js';
import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '../../src/engine/tfjs.js';

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

describe('fused operations agree with TensorFlow.js and with numeric gradients', () => {
  test('ReLU6', () => {
    const x = random<Tensor4D>([2, 3, 3, 4], 1).mul<Tensor4D>(9);
    expectSameGradients(
      (x) => relu6(x as Tensor4D),
      (x) => x.clipByValue(0, 6),
      [x],
    );
  });

  test.each([1, 2] as const)('depthwise convolution, stride %i', (stride) => {
    const inputs = [random([2, 7, 7, 3], 2), random([3, 3, 3, 1], 3)];
    const fused: Function = (x, kernel) => depthwiseConvolution(x as Tensor4D, kernel as Tensor4D, stride);
    expectSameGradients(
      fused,
      (x, k) => tf.depthwiseConv2d(x as Tensor4D, k as Tensor4D, stride, 'same'),
      inputs,
    );
    expectNumericGradient(fused, inputs, 0);
    expectNumericGradient(fused, inputs, 1);
  });

  test('image convolution: the gradient of its kernel', () => {
    const x = random<Tensor4D>([2, 7, 7, 1], 4);
    const kernel = random<Tensor4D>([3, 3, 1, 5], 5);
    expectSameGradients(
      (k) => imageConvolution(x, k as Tensor4D),
      (k) => tf.conv2d(x, k as Tensor4D, 2, 'same'),
      [kernel],
    );
  });

  test('pointwise convolution', () => {
    const inputs = [random([2, 4, 4, 3], 6), random([3, 5], 7)];
    const fused: Function = (x, kernel) => pointwiseConvolution(x as Tensor4D, kernel as Tensor2D);
    expectSameGradients(
      fused,
      (x, k) => tf.conv2d(x as Tensor4D, k.reshape([1, 1, 3, 5]), 1, 'same'),
      inputs,
    );
  });

  test('batch normalisation', () => {
    const inputs = [random([4, 3, 3, 2], 8), random([2], 9).add(1.5), random([2], 10)];
    const fused: Function = (x, gamma, beta) =>
      batchNormTraining(x as Tensor4D, gamma as Tensor1D, beta as Tensor1D, (statistics) =>
        tf.dispose([statistics.mean, statistics.unbiasedVariance]),
      );
    const plain: Function = (x, gamma, beta) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return x.sub(mean).div(variance.add(1e-3).sqrt()).mul(gamma).add(beta);
    };
    expectSameGradients(fused, plain, inputs);
    for (const which of [0, 1, 2]) expectNumericGradient(fused, inputs, which);
  });

  test('sparse softmax cross-entropy', () => {
    const logits = random<Tensor2D>([6, 4], 11);
    const labels = tf.tensor1d([0, 1, 2, 3, 0, 1], 'int32');
    expectSameGradients(
      (l) => sparseSoftmaxCrossEntropy(l as Tensor2D, labels),
      (l) => tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 4), l),
      [logits],
    );
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
