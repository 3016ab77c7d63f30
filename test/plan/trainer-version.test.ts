import { expect, test } from 'vitest';
import type { TrialParams } from '../../src/plan/plan.js';
import { trainerChanges, trainerVersion, trainerVersionOf } from '../../src/plan/trainer-version.js';
import { paramsOf } from '../params.js';

const versionOf = (changes: Partial<TrialParams>) => trainerVersionOf({ ...paramsOf(), ...changes });

test('is the newest version, and the first one where no change concerns a trial', () => {
  expect(trainerVersion).toBe(Math.max(...trainerChanges.map(({ version }) => version)));
  expect(versionOf({})).toBe(3);
});

test.each<[Partial<TrialParams>, number]>([
  [{ testTimeFlip: true }, 4],
  [{ resolution: 28 }, 3],
  [{ resolution: 56 }, 3],
  [{ schedule: { name: 'cosine', warmupEpochs: 2 } }, 3],
])('%o has version %i', (changes, version) => {
  expect(versionOf(changes)).toBe(version);
});
