import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  arePredictions,
  decodeConfusion,
  decodeMisses,
  encodeConfusion,
  encodeMisses,
  decodeProbabilities,
  encodeProbabilities,
  type PredictionRecord,
} from '../../src/trial/predictions.js';
import { numberOf } from '../numbers.js';
import { packBits } from '../../src/train/pack-bits.js';

const recordOf = (fields: Partial<PredictionRecord>): PredictionRecord => ({
  version: 1,
  epoch: 1,
  part: 'test',
  images: 4,
  classes: 2,
  confusion: encodeConfusion([1, 0, 1, 2]),
  misses: encodeMisses({
    labels: [0],
    predicted: [0],
    predictedProbabilities: [1],
    labelProbabilities: [1],
  }),
  probabilities: null,
  ...fields,
});

test('counts come back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.infiniteStream(fc.nat(2 ** 32 - 1)),
      (classes, random) => {
        const counts = Array.from({ length: classes * classes }, () => random.next().value as number);
        const decoded = decodeConfusion(recordOf({ classes, confusion: encodeConfusion(counts) }));
        expect([...decoded]).toEqual(counts);
      },
    ),
  );
});

const image = fc.record({
  label: fc.nat(999),
  predicted: fc.nat(999),
  first: fc.double({ min: 0, max: 1, noNaN: true }),
  second: fc.double({ min: 0, max: 1, noNaN: true }),
});

test('wrong images come back, probabilities within half a step of 1/255', () => {
  fc.assert(
    fc.property(fc.array(image, { maxLength: 96 }), (images) => {
      const misses = decodeMisses(
        recordOf({
          misses: encodeMisses({
            labels: images.map(({ label }) => label),
            predicted: images.map(({ predicted }) => predicted),
            predictedProbabilities: images.map(({ first }) => first),
            labelProbabilities: images.map(({ second }) => second),
          }),
        }),
      );
      const wrong = images.flatMap((one, index) => (one.label === one.predicted ? [] : [{ ...one, index }]));
      expect(misses.map(({ image, predicted }) => [image, predicted])).toEqual(
        wrong.map(({ index, predicted }) => [index, predicted]),
      );
      for (const [index, { first, second }] of wrong.entries()) {
        expect(Math.abs(misses[index]!.predictedProbability - first)).toBeLessThanOrEqual(0.5001 / 255);
        expect(Math.abs(misses[index]!.labelProbability - second)).toBeLessThanOrEqual(0.5001 / 255);
      }
    }),
  );
});

/** Predictions of 10,000 images, of which a share is wrong, in no pattern. */
function predictionsOf(classes: number, wrongShare: number) {
  const random = (seed: number) => numberOf(seed, classes);
  const range = Array.from({ length: 10_000 }, (_, index) => index);
  const labels = range.map((index) => index % classes);
  const isWrong = (index: number) => random(2 * index) < wrongShare;
  return {
    labels,
    predicted: labels.map((label, index) =>
      isWrong(index) ? (label + 1 + Math.floor(random(2 * index + 1) * (classes - 1))) % classes : label,
    ),
    predictedProbabilities: range.map((index) => 0.3 + 0.7 * random(3 * index)),
    // Most are sure, as networks are.
    labelProbabilities: range.map((index) =>
      isWrong(index) ? 0.4 * random(5 * index) : 1 - 0.6 * random(5 * index) ** 3,
    ),
  };
}

test('of many wrong images the 96 surest are kept', () => {
  const predictions = predictionsOf(10, 0.6);
  const misses = decodeMisses(recordOf({ misses: encodeMisses(predictions) }));
  const { labels, predicted, predictedProbabilities } = predictions;
  const sure = labels.flatMap((label, image) =>
    label === predicted[image] ? [] : [predictedProbabilities[image]!],
  );
  sure.sort((a, b) => b - a);
  expect(misses).toHaveLength(96);
  expect(Math.min(...misses.map(({ image }) => predictedProbabilities[image]!))).toBe(sure[95]);
});

test('probabilities come back within half a step of 1/15; of too many images none are kept', () => {
  fc.assert(
    fc.property(fc.array(image, { maxLength: 99 }), (images) => {
      const labelProbabilities = images.map(({ first }) => first);
      const empty = { labels: [], predicted: [], predictedProbabilities: [] };
      const probabilities = encodeProbabilities({ ...empty, labelProbabilities })!;
      const decoded = decodeProbabilities(recordOf({ images: images.length, probabilities }))!;
      expect(decoded).toHaveLength(images.length);
      for (const [index, value] of labelProbabilities.entries())
        expect(Math.abs(decoded[index]! - value)).toBeLessThanOrEqual(0.5001 / 15);
    }),
  );
  const many = { length: 20_001 };
  expect(
    encodeProbabilities({ labels: [], predicted: [], predictedProbabilities: [], labelProbabilities: many }),
  ).toBeNull();
  expect(decodeProbabilities(recordOf({}))).toBeNull();
});

test.each([
  [10, 0.1, 3],
  [10, 0.6, 3],
  [100, 0.6, 2],
])('%i classes, a share of %d wrong, %i epochs: a trial keeps less than 20 KB', (classes, wrong, epochs) => {
  const predictions = predictionsOf(classes, wrong);
  const counts = new Uint32Array(classes * classes);
  for (const [index, label] of predictions.labels.entries())
    counts[label * classes + predictions.predicted[index]!]!++;
  const correct = predictions.labels.map((label, index) => Number(label === predictions.predicted[index]));
  const record = recordOf({ classes, confusion: encodeConfusion(counts), misses: encodeMisses(predictions) });
  const bytes = JSON.stringify([record, packBits(correct)]).length;
  const probabilities = 2 * encodeProbabilities(predictions)!.length; // of two epochs
  expect(epochs * bytes + probabilities).toBeLessThan(20_000);
});

test('only records of this form count, and those of later versions', () => {
  expect(arePredictions([recordOf({}), { version: 2, epoch: 'first' }])).toBe(true);
  for (const bad of [null, {}, [null], [{}], [{ version: 'x' }], [recordOf({ misses: undefined! })]])
    expect(arePredictions(bad)).toBe(false);
  expect(() => decodeConfusion(recordOf({ classes: 3 }))).toThrow();
});
