/** Metrics and class weights against scikit-learn (scripts/make-metric-fixtures.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tf, type Tensor2D } from '../../src/engine/tfjs.js';
import { ClassCounts } from '../../src/train/class-counts.js';
import { classWeightsOf } from '../../src/train/effects.js';
import { sparseSoftmaxCrossEntropy, softmaxCrossEntropy } from '../../src/engine/fused-operations.js';
import { areAmongLargest } from '../../src/train/step.js';
import { oneHot } from '../../src/train/pipeline.js';
import { paramsOf } from '../params.js';

interface Fixture {
  readonly name: string;
  readonly classes: number;
  readonly labels: readonly number[];
  readonly predictions: readonly number[];
  readonly logits: readonly (readonly number[])[];
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly macroF1: number;
  readonly top5Accuracy: number | null;
  readonly classWeights: readonly (number | null)[];
}

const fixtures = JSON.parse(
  readFileSync(new URL('../fixtures/metrics.json', import.meta.url), 'utf8'),
) as Fixture[];

describe.each(fixtures)('$name', ({ classes, labels, predictions, logits, ...expected }) => {
  test('the means over classes', () => {
    const counts = new ClassCounts(classes);
    counts.add(labels, predictions);
    expect(counts.balancedAccuracy()).toBeCloseTo(expected.balancedAccuracy, 12);
    expect(counts.macroF1()).toBeCloseTo(expected.macroF1, 12);
  });

  test('the five largest, on the device', () => {
    const [scores, truth] = [
      tf.tensor2d(logits.flat(), [labels.length, classes]),
      tf.tensor1d([...labels], 'int32'),
    ];
    const hits = areAmongLargest(5, scores, truth).sum().dataSync()[0]!;
    expect(hits / labels.length).toBeCloseTo(expected.top5Accuracy ?? 1, 12);
    expect([...scores.argMax(1).dataSync()]).toEqual(predictions);
  });

  test('balanced class weights', () => {
    const weights = classWeightsOf(paramsOf({ classWeights: 'balanced' }), Uint8Array.from(labels), classes)!;
    for (const [label, weight] of expected.classWeights.entries())
      if (weight !== null) expect(weights[label]).toBeCloseTo(weight, 12);
  });
});

test('without class weights there are none', () => {
  expect(classWeightsOf(paramsOf(), Uint8Array.of(0, 1, 1), 2)).toBeNull();
});

describe('a weighted loss', () => {
  const labels = tf.tensor1d([0, 2, 1], 'int32');
  const weights = tf.tensor1d([0.5, 2, 1.25]);
  const values = [0.3, -1.2, 2.1, 0.7, 0.1, -0.4, 1.5, 0.2, -2];
  const lossAt = (numbers: readonly number[], targets: Tensor2D | null): number => {
    const logits = tf.tensor2d([...numbers], [3, 3]);
    const loss = targets
      ? softmaxCrossEntropy(logits, targets, weights)
      : sparseSoftmaxCrossEntropy(logits, labels, weights);
    return loss.dataSync()[0]!;
  };

  test.each([
    ['of labels', null],
    [
      'of shares',
      oneHot(labels, 3)
        .mul<Tensor2D>(0.8)
        .add<Tensor2D>(0.2 / 3),
    ],
  ])('%s is the mean of the weighted losses, and its gradient is that of it', (_, targets) => {
    const shares = targets ?? oneHot(labels, 3);
    const logits = tf.tensor2d(values, [3, 3]);
    const each = tf.logSoftmax(logits).mul(shares).sum(1).neg().mul(weights);
    expect(lossAt(values, targets)).toBeCloseTo(each.mean().dataSync()[0]!, 5);
    const gradient = tf
      .grad((x) =>
        targets
          ? softmaxCrossEntropy(x as Tensor2D, targets, weights)
          : sparseSoftmaxCrossEntropy(x as Tensor2D, labels, weights),
      )(logits)
      .dataSync();
    for (const [index, own] of gradient.entries()) {
      const moved = (by: number) => values.map((value, at) => (at === index ? value + by : value));
      const numeric = (lossAt(moved(1e-2), targets) - lossAt(moved(-1e-2), targets)) / 2e-2;
      expect(own).toBeCloseTo(numeric, 3);
    }
  });
});
