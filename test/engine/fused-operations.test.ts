import { describe, expect, test } from 'vitest';
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
import { tf, type Tensor, type Tensor2D } from '../../src/engine/tfjs.js';
import { expectClose, expectNumericGradient, gradientsOf, random, type Function } from './gradients.js';

/** Compares the gradients of two ways to compute the same function. */
function expectSameGradients(fused: Function, plain: Function, inputs: Tensor[]): void {
  const gradients = [fused, plain].map((f) => gradientsOf(f, inputs));
  expectClose(fused(...inputs), plain(...inputs));
  for (const index of inputs.keys()) expectClose(gradients[0]![index]!, gradients[1]![index]!);
}

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
