import { expect, test } from 'vitest';
import { requireMemory } from '../../src/commands/require-memory.js';
import { countActivations } from '../../src/model/mobilenet-v1/count-activations.js';
import type { Trial } from '../../src/plan/plan.js';
import { paramsOf } from '../params.js';

const trialOf = (changes: object): Trial => ({
  id: 'a1b2',
  cellIndex: 0,
  label: JSON.stringify(changes),
  seed: 2017,
  params: { ...paramsOf(), trainSubset: 1000, ...changes },
  data: { validation: 'test' },
  context: null as unknown as Trial['context'],
});
const refusalOf = (...changes: readonly object[]) => {
  try {
    requireMemory({ trials: changes.map(trialOf) });
  } catch (error) {
    return (error as { problems: readonly unknown[] }).problems;
  }
  return [];
};

test('activations are those of the convolutions that train, and a gradient', () => {
  // 112² · 8, then 112² · 8 and 112² · 16, and so on: by hand for the first block of alpha 0.25, 224 pixels
  const ofFirst = 112 * 112 * (8 + 8 + 16);
  const gradients = 112 * 112 * 16 - 56 * 56 * 32;
  expect(countActivations(0.25, 224, 0) - countActivations(0.25, 224, 1)).toBe(ofFirst + gradients);
  expect(countActivations(0.25, 224, 13)).toBe(0);
  expect(countActivations(1, 56, 0)).toBe(340_608 + 28 * 28 * 64); // all 27 by hand
});

test('what fits is not refused, and of what does not the largest is told', () => {
  expect(refusalOf({}, { alpha: 1, resolution: 224, batchSize: 64 })).toEqual([]);
  const large = { alpha: 1, resolution: 512, batchSize: 64 };
  expect(refusalOf({}, large, { ...large, batchSize: 128 })).toMatchObject([
    { reason: 'engine-memory', label: JSON.stringify({ ...large, batchSize: 128 }), images: 128 },
  ]);
  expect(refusalOf({ ...large, batchSize: 2000, trainSubset: 10 })).toEqual([]);
  expect(refusalOf({ ...large, batchSize: 128, frozenBlocks: 13 })).toEqual([]);
});
