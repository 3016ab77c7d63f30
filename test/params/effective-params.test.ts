import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveParams } from '../../src/params/effective-params.js';
import type { Augmentation, Schedule, TrialParams } from '../../src/plan/plan.js';
import { isPlateau } from '../../src/train/early-stopping.js';
import { learningRateAt } from '../../src/train/learning-rate.js';
import { paramsOf } from '../params.js';
import { planOf, problemsIn } from '../spec/experiment-folder.js';

/** Parameters of training with so many steps in an epoch. */
const trainingOf = (stepsPerEpoch: number, changes: Partial<TrialParams>): TrialParams => ({
  ...paramsOf(),
  batchSize: 100,
  trainSubset: 100 * stepsPerEpoch - 50, // the last batch is smaller
  ...changes,
});

describe('a schedule', () => {
  const schedule: fc.Arbitrary<Schedule> = fc.record({
    name: fc.constantFrom('constant', 'cosine', 'step'),
    warmupEpochs: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 6 }),
      fc.double({ min: 0, max: 6, noNaN: true }),
    ),
    everyEpochs: fc.integer({ min: 1, max: 6 }),
    factor: fc.constant(0.5),
  });
  const ratesOf = (course: Schedule, stepsPerEpoch: number, epochs: number) =>
    Array.from({ length: epochs * stepsPerEpoch }, (_, step) =>
      learningRateAt(step + 1, 1, course, stepsPerEpoch, epochs),
    );

  test('has the rates of its effective one, and is idle just where the rates say so', () => {
    const check = (drawn: Schedule, stepsPerEpoch: number, epochs: number) => {
      const { name, warmupEpochs } = drawn;
      const given = name === 'step' ? drawn : { name, warmupEpochs };
      const { value, idle } = effectiveParams(trainingOf(stepsPerEpoch, { schedule: given, epochs }));
      const rates = ratesOf(given, stepsPerEpoch, epochs);
      expect(ratesOf(value.schedule, stepsPerEpoch, epochs)).toEqual(rates);
      const isIdle = (setting: string) =>
        idle.some(({ settings }) => settings.some((path) => path[1] === setting));
      const constant = ratesOf({ name: 'constant', warmupEpochs }, stepsPerEpoch, epochs);
      if (name !== 'constant') expect(isIdle('name')).toBe(String(rates) === String(constant));
      const isLonger = Math.round(warmupEpochs * stepsPerEpoch) > epochs * stepsPerEpoch;
      const unwarmed = ratesOf({ ...given, warmupEpochs: 0 }, stepsPerEpoch, epochs);
      if (warmupEpochs > 0)
        expect(isIdle('warmupEpochs')).toBe(isLonger || String(rates) === String(unwarmed));
    };
    fc.assert(fc.property(schedule, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 8 }), check), {
      numRuns: 3000,
    });
  });
});

test('patience is idle just where no losses can end training before its last epoch', () => {
  for (let epochs = 1; epochs < 8; epochs++)
    for (let patience = 1; patience < 10; patience++) {
      const params = trainingOf(3, { epochs, earlyStopping: { patience, minDelta: 0.5 } });
      const rising = Array.from({ length: epochs }, (_, epoch) => epoch);
      const ends =
        rising.findIndex((_, last) => isPlateau(rising.slice(0, last + 1), params.earlyStopping)) + 1;
      const { value, idle } = effectiveParams(params);
      const endsEarly = ends > 0 && ends < epochs;
      expect([epochs, patience, idle.length]).toEqual([epochs, patience, endsEarly ? 0 : 1]);
      expect(value.earlyStopping.patience).toBe(endsEarly ? patience : 0);
    }
});

test('augmentations that change no image are left out, the others keep their order', () => {
  const flip: Augmentation = { name: 'horizontalFlip', probability: 0.5 };
  const crop: Augmentation = { name: 'randomCrop', padding: 0.015, fill: 0 };
  const augmentation: Augmentation[] = [
    { name: 'randomMask', probability: 0, area: [0.1, 0.2], aspectRatio: [1, 2], fill: 0 },
    crop,
    { name: 'cutout', probability: 0, size: 0.5, fill: 0 },
    flip,
    { name: 'horizontalFlip', probability: 0 },
  ];
  const of = (resolution: number) => effectiveParams(trainingOf(3, { augmentation, resolution })).value;
  expect(of(28).augmentation).toEqual([flip]); // 0.42 pixels
  expect(of(56).augmentation).toEqual([crop, flip]);
});

test('what has an effect stays as it is', () => {
  const params = trainingOf(3, {
    epochs: 9,
    optimizer: { name: 'adamw', learningRate: 0.1, weightDecay: 0.1 },
    schedule: { name: 'step', warmupEpochs: 2, everyEpochs: 3, factor: 0.1 },
    earlyStopping: { patience: 3, minDelta: 0.1 },
  });
  expect(effectiveParams(params)).toEqual({ value: params, idle: [] });
});

describe('in a file', () => {
  test.each([
    [
      'some cells of a sweep',
      'params: { schedule: { warmupEpochs: 9 }, earlyStopping: { patience: 5 } }\nmatrix: { epochs: [2, 50] }',
    ],
    [
      'values that say off',
      'params: { epochs: 1, schedule: { name: constant, warmupEpochs: 0 }, earlyStopping: { patience: 0, minDelta: 0 } }',
    ],
    ['a set that no cell has', 'augmentations: { still: [{ horizontalFlip: { probability: 0 } }] }'],
    ['checkpoints', 'params: { epochs: 2 }\ncheckpoint: { everyEpochs: 5 }'],
    [
      'a baseline of no decay',
      'params: { optimizer: { name: adamw } }\nmatrix: { optimizer.weightDecay: [0, 0.1] }\ncompare: { baseline: { optimizer.weightDecay: 0 } }',
    ],
  ])('%s are right', async (_, text) => {
    expect((await planOf(`name: idle\n${text}`)).cells.length).toBeGreaterThan(0);
  });

  test.each([
    [
      'warm-ups that are all too long',
      'matrix: { schedule.warmupEpochs: [0, 9, 12] }',
      'schedule.warmupEpochs',
    ],
    [
      'a variant',
      'variants: { a: {}, b: { earlyStopping: { patience: 2, minDelta: 0.1 } } }',
      'earlyStopping.patience',
    ],
    [
      'an override',
      'matrix: { dropout: [0, 0.5] }\noverrides: [{ when: { dropout: 0 }, set: { schedule: { name: cosine, warmupEpochs: 2 } } }]',
      'schedule.name',
    ],
    [
      'a variant that trains what another trains',
      'variants: { a: {}, b: { optimizer: { momentum: 0.5 } } }',
      'optimizer.momentum',
    ],
  ])('%s: no effect anywhere is an error', async (_, text, setting) => {
    const { reasons, text: told } = await problemsIn({
      'sweep.yaml': `name: idle\nparams: { epochs: 2 }\n${text}`,
    });
    expect(reasons).toEqual(['unused-setting']);
    expect(told).toContain(`\`${setting}\` `);
  });

  test('ids are those of the parameters as they are', async () => {
    const idOf = async (text: string) => (await planOf(`name: idle\n${text}`)).trials[0]!.id;
    const sweep = await planOf(
      'name: idle\nparams: { earlyStopping: { patience: 5 } }\nmatrix: { epochs: [2, 50] }',
    );
    expect(sweep.trials[0]!.id).not.toBe(await idOf('params: { epochs: 2 }'));
  });
});
