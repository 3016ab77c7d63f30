import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problemsIn, planOf } from '../spec/experiment-folder.js';

const labelsOf = async (text: string) => (await planOf(text)).trials.map(({ label }) => label);

describe('expansion', () => {
  test.each([
    ['no axes', '', ['seed=2017']],
    ['seeds alone', 'seeds: { count: 2 }', ['seed=2017', 'seed=2018']],
    [
      'the first axis slowest',
      'matrix: { dropout: [0, 0.5], resolution: [28, 56] }',
      [
        'dropout=0 resolution=28 seed=2017',
        'dropout=0 resolution=56 seed=2017',
        'dropout=0.5 resolution=28 seed=2017',
        'dropout=0.5 resolution=56 seed=2017',
      ],
    ],
    [
      'interleaved seeds',
      'matrix: { weights: [none, imagenet] }\nseeds: [7, 3]',
      ['weights=none seed=7', 'weights=imagenet seed=7', 'weights=none seed=3', 'weights=imagenet seed=3'],
    ],
    [
      'identical cells once',
      'augmentations: { quiet: [] }\nmatrix: { augmentation: [none, quiet] }',
      ['augmentation=none, quiet seed=2017'],
    ],
    [
      'an optimiser as its JSON',
      'matrix: { optimizer: [{ learningRate: 0.1 }] }',
      ['optimizer={"learningRate":0.1} seed=2017'],
    ],
  ])('%s', async (_, text, labels) => {
    expect(await labelsOf(`name: sweep\n${text}`)).toEqual(labels);
  });

  test('an axis wins over params; an optimiser is laid over theirs', async () => {
    const { cells } = await planOf(`name: sweep
params: { dropout: 0, optimizer: { learningRate: 0.5 } }
matrix: { dropout: [0.2], optimizer: [{ name: adam }] }`);
    expect(cells[0]!.params.dropout).toBe(0.2);
    expect(cells[0]!.params.optimizer).toEqual({ name: 'adam', learningRate: 0.5 });
  });
});

describe('defaults', () => {
  test('are the baseline', async () => {
    const plan = await planOf('name: baseline');
    expect(plan.trials[0]).toMatchObject({
      cellIndex: 0,
      seed: 2017,
      data: { validation: 'test' },
      params: {
        alpha: 1,
        weights: 'imagenet',
        frozenBlocks: 0,
        resolution: 56,
        normalization: 'unit',
        trainSubset: 60000,
        dropout: 0.5,
        epochs: 50,
        batchSize: 64,
        optimizer: { name: 'adam', learningRate: 0.001 },
        schedule: { name: 'constant', warmupEpochs: 0 },
        labelSmoothing: 0,
        earlyStopping: { patience: 0, minDelta: 0 },
        augmentation: [],
        testTimeFlip: false,
      },
    });
    expect(plan).toMatchObject({ description: '', axes: [], maxConcurrentTrials: 'auto' });
  });

  test.each([
    ['data: { validation: { holdout: 5000 } }', 55000],
    ['data: { trainSubset: 600, validation: { holdout: 5000 } }', 600],
    ['data: { trainSubset: 600, validation: { holdout: 5000 } }\nparams: { trainSubset: 700 }', 700],
  ])('%s', async (text, trainSubset) => {
    const trial = (await planOf(`name: data\n${text}`)).trials[0]!;
    expect(trial.data).toEqual({ validation: { holdout: 5000 } });
    expect(trial.params.trainSubset).toBe(trainSubset);
  });

  test.each([
    ['{ name: adam }', { name: 'adam', learningRate: 0.001 }],
    ['{ name: adamw }', { name: 'adamw', learningRate: 0.001, weightDecay: 0.004 }],
    ['{ name: sgd }', { name: 'sgd', learningRate: 0.01, momentum: 0.9 }],
    ['{ name: sgd, learningRate: 0.5, momentum: 0 }', { name: 'sgd', learningRate: 0.5, momentum: 0 }],
    ['{ name: rmsprop }', { name: 'rmsprop', learningRate: 0.001 }],
  ])('optimizer: %s', async (text, optimizer) => {
    const { cells } = await planOf(`name: o\nparams: { optimizer: ${text} }`);
    expect(cells[0]!.params.optimizer).toEqual(optimizer);
  });

  test('a step schedule has its steps, others none', async () => {
    const { cells } = await planOf('name: s\nmatrix: { schedule.name: [constant, cosine, step] }');
    expect(cells.map(({ params }) => params.schedule)).toEqual([
      { name: 'constant', warmupEpochs: 0 },
      { name: 'cosine', warmupEpochs: 0 },
      { name: 'step', warmupEpochs: 0, everyEpochs: 30, factor: 0.1 },
    ]);
  });

  test('a setting that some cells do not have makes no difference there: equal cells are one', async () => {
    const { cells, arithmetic } = await planOf(
      'name: s\nmatrix: { optimizer.name: [adam, sgd], optimizer.momentum: [0, 0.9] }',
    );
    expect(cells).toHaveLength(3);
    expect(arithmetic.identical).toBe(1);
  });
  test.each([
    ['', { name: 'valAccuracy', goal: 'maximize', select: 'best' }],
    ['metric: { name: valLoss }', { name: 'valLoss', goal: 'minimize', select: 'best' }],
    ['metric: { select: last, goal: minimize }', { name: 'valAccuracy', goal: 'minimize', select: 'last' }],
  ])('metric: %s', async (text, metric) => {
    expect((await planOf(`name: metric\n${text}`)).metric).toEqual(metric);
  });

  test('augmentations', async () => {
    const { cells } = await planOf(`name: both
augmentations: { both: [{ randomMask: { area: [0.1, 0.3] } }, { horizontalFlip: {} }] }
params: { augmentation: both }`);
    expect(cells[0]!.params.augmentation).toEqual([
      { name: 'randomMask', probability: 0.5, area: [0.1, 0.3], aspectRatio: [0.3, 3.3], fill: 0 },
      { name: 'horizontalFlip', probability: 0.5 },
    ]);
  });
});

describe('any matrix', () => {
  const list = <Value>(value: fc.Arbitrary<Value>) => fc.uniqueArray(value, { minLength: 1, maxLength: 4 });
  const matrix = fc.record(
    {
      resolution: list(fc.integer({ min: 8, max: 512 })),
      dropout: list(fc.double({ min: 0, max: 0.99, noNaN: true }).map(Math.abs)),
      alpha: list(fc.constantFrom(0.25, 0.5, 0.75, 1)),
      weights: list(fc.constantFrom('imagenet', 'none')),
      'optimizer.learningRate': list(fc.double({ min: 1e-9, max: 1, noNaN: true })),
    },
    { requiredKeys: [] },
  );
  const seeds = list(fc.integer({ min: 1, max: 2 ** 32 - 1 }));

  test('has as many trials as the formula says, all different, each seed over every cell in turn', async () => {
    const check = async (axes: Partial<Record<string, unknown[]>>, seedList: number[]) => {
      const plan = await planOf(JSON.stringify({ name: 'product', matrix: axes, seeds: seedList }));
      const cells = Object.values(axes).reduce((product, values) => product * values!.length, 1);
      expect(plan.cells).toHaveLength(cells);
      expect(plan.trials).toHaveLength(cells * seedList.length);
      expect(new Set(plan.trials.map(({ id }) => id)).size).toBe(plan.trials.length);
      expect(plan.trials.map(({ seed, cellIndex }) => [seed, cellIndex])).toEqual(
        seedList.flatMap((seed) => plan.cells.map(({ index }) => [seed, index])),
      );
    };
    await fc.assert(fc.asyncProperty(matrix, seeds, check), { numRuns: 50 });
  });

  test('has the same ids in whatever order it is written', async () => {
    const reverse = (fields: object) => Object.fromEntries(Object.entries(fields).reverse());
    const check = async (axes: object, seedList: number[]) => {
      const ids = async (experiment: object) =>
        (await planOf(JSON.stringify(experiment))).trials.map(({ id }) => id).sort();
      const params = { epochs: 3, optimizer: { name: 'adam', learningRate: 0.25 } };
      const again = { epochs: 3, optimizer: { learningRate: 0.25, name: 'adam' } };
      expect(
        await ids({ seeds: seedList.toReversed(), matrix: reverse(axes), params: again, name: 'again' }),
      ).toEqual(await ids({ name: 'order', params, matrix: axes, seeds: seedList }));
    };
    await fc.assert(fc.asyncProperty(matrix, seeds, check), { numRuns: 50 });
  });
});

test('ten thousand trials expand', async () => {
  const text = `name: many\nmatrix: { resolution: [${Array.from({ length: 100 }, (_, n) => n + 28).join(', ')}] }\nseeds: { count: 100 }`;
  expect((await planOf(text)).trials).toHaveLength(10_000);
});

test('a value that spoils many cells is reported once, values in the order of the file', async () => {
  const { text } = await problemsIn({
    'sweep.yaml': `name: spoilt
matrix:
  dropout: [0, 0.5]
  alpha: [1.5, 0.3, 1]
  batchSize: [64, 128]
data: { trainSubset: 100 }`,
  });
  expect([...text.matchAll(/┌─ (.*)/g)].map(([, place]) => place)).toEqual([
    'sweep.yaml:4:11',
    'sweep.yaml:4:16',
    'sweep.yaml:5:19',
  ]);
});
