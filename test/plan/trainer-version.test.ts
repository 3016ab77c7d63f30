import { expect, test } from 'vitest';
import type { Schedule, TrialParams } from '../../src/plan/plan.js';
import { trainerChanges, trainerVersion, trainerVersionOf } from '../../src/plan/trainer-version.js';
import { learningRateAt } from '../../src/train/learning-rate.js';
import fashionMnist from '../../src/data/sets/fashion-mnist.js';
import { paramsOf } from '../params.js';

const versionOf = (changes: Partial<TrialParams>) =>
  trainerVersionOf({ ...paramsOf(), ...changes }, fashionMnist);

test('is the newest version, and the first one where no change concerns a trial', () => {
  expect(trainerVersion).toBe(Math.max(...trainerChanges.map(({ version }) => version)));
  expect(versionOf({})).toBe(3);
});

test.each<[Partial<TrialParams>, number]>([
  [{ testTimeFlip: true }, 4],
  [{ resolution: 27 }, 4],
  [{ resolution: 28 }, 3],
  [{ resolution: 56 }, 3],
  [{ schedule: { name: 'cosine', warmupEpochs: 2 } }, 3],
])('%o has version %i', (changes, version) => {
  expect(versionOf(changes)).toBe(version);
});

/** As version 3 had it: epochs counted from the start. */
function rateOfVersion3(step: number, schedule: Extract<Schedule, { name: 'step' }>, stepsPerEpoch: number) {
  const warmup = Math.round(schedule.warmupEpochs * stepsPerEpoch);
  if (step <= warmup) return step / warmup;
  const epoch = Math.floor((step - 1) / stepsPerEpoch);
  return schedule.factor ** Math.floor(epoch / schedule.everyEpochs);
}

test('a schedule of steps has a new version exactly where a learning rate is another than in version 3', () => {
  const versions = new Set<number>();
  for (const epochs of [1, 2, 4])
    for (const stepsPerEpoch of [1, 3])
      for (const warmupEpochs of [0, 0.1, 0.5, 1, 1.5, 2, 3.9, 4])
        for (const everyEpochs of [1, 2, 3, 4, 30]) {
          const schedule = { name: 'step', warmupEpochs, everyEpochs, factor: 0.1 } as const;
          const steps = Array.from({ length: epochs * stepsPerEpoch }, (_, index) => index + 1);
          const changed = steps.some(
            (step) =>
              learningRateAt(step, 1, schedule, stepsPerEpoch, epochs) !==
              rateOfVersion3(step, schedule, stepsPerEpoch),
          );
          const params = { schedule, epochs, batchSize: 64, trainSubset: 64 * stepsPerEpoch - 10 };
          expect([params, versionOf(params)]).toEqual([params, changed ? 4 : 3]);
          versions.add(versionOf(params));
        }
  expect([...versions].sort()).toEqual([3, 4]);
});
