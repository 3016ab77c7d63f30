import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../src/plan/plan.js';
import { isPlateau } from '../../src/train/early-stopping.js';
import { learningRateAt } from '../../src/train/learning-rate.js';

/** Of four epochs of two steps, at a learning rate of 1. */
const course = (schedule: Schedule) =>
  Array.from({ length: 8 }, (_, index) => learningRateAt(index + 1, 1, schedule, 2, 4));

describe('learning rate', () => {
  test('constant', () => expect(course({ name: 'constant', warmupEpochs: 0 })).toEqual(Array(8).fill(1)));

  test('a warm-up rises in equal steps and reaches the learning rate with its last step', () =>
    expect(course({ name: 'constant', warmupEpochs: 1.5 }).slice(0, 4)).toEqual([1 / 3, 2 / 3, 1, 1]));

  test('cosine falls from the learning rate towards 0 after the last step', () => {
    const rates = course({ name: 'cosine', warmupEpochs: 0 });
    expect(rates[0]).toBe(1);
    expect(rates[4]).toBeCloseTo(0.5, 12);
    expect(rates[7]).toBeCloseTo((1 + Math.cos((Math.PI * 7) / 8)) / 2, 12);
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
  });

  test('cosine after a warm-up begins at the learning rate', () => {
    const rates = course({ name: 'cosine', warmupEpochs: 1 });
    expect(rates.slice(0, 3)).toEqual([0.5, 1, 1]);
    expect(rates[5]).toBeCloseTo(0.5, 12);
  });

  test('step', () =>
    expect(course({ name: 'step', warmupEpochs: 0, everyEpochs: 1, factor: 0.5 })).toEqual([
      1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125,
    ]));

  test('step counts epochs from the end of the warm-up', () => {
    const step = { name: 'step', factor: 0.1 } as const;
    expect(course({ ...step, warmupEpochs: 1, everyEpochs: 2 })).toEqual([0.5, 1, 1, 1, 1, 1, 0.1, 0.1]);
    expect(course({ ...step, warmupEpochs: 2, everyEpochs: 1 })).toEqual([
      ...[0.25, 0.5, 0.75, 1],
      ...[1, 1, 0.1, 0.1],
    ]);
    expect(course({ ...step, warmupEpochs: 0.5, everyEpochs: 1 })).toEqual(
      [1, 1, 1, 0.1, 0.1, 0.1 ** 2, 0.1 ** 2, 0.1 ** 3], // the warm-up is the first step
    );
  });
});

test.each([
  ['off', [3, 4, 5, 6], 0, 0, false],
  ['it falls', [3, 2, 1], 1, 0, false],
  ['two epochs in vain of two', [3, 4, 3.5], 2, 0, true],
  ['one epoch in vain of two', [3, 4], 2, 0, false],
  ['a new best starts the wait again', [3, 4, 2, 3], 2, 0, false],
  ['an equal loss is no better', [3, 3], 1, 0, true],
  ['less lower than asked', [3, 2.95, 2.92], 2, 0.1, true],
  ['small falls that add up', [3, 2.95, 2.89], 2, 0.1, false],
])('early stopping: %s', (_, losses, patience, minDelta, expected) =>
  expect(isPlateau(losses, { patience, minDelta })).toBe(expected),
);
