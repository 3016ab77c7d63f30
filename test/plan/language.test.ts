import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/plan/plan.js';
import { planOf } from '../spec/experiment-folder.js';

const sets = 'augmentations: { flip: [{ horizontalFlip: {} }], mask: [{ randomMask: {} }] }\n';
const cellsOf = (plan: Plan) =>
  plan.cells.map(({ axes }) =>
    Object.entries(axes)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  );
const cells = async (text: string) => cellsOf(await planOf(`name: sweep\n${sets}${text}`));

describe('ranges', () => {
  test.each([
    ['{ start: 0, stop: 0.5, step: 0.1 }', [0, 0.1, 0.2, 0.3, 0.4, 0.5]],
    ['{ start: 0, stop: 0.5, step: 0.2 }', [0, 0.2, 0.4]],
    ['{ start: 0.9, stop: 0.3, step: -0.3 }', [0.9, 0.6, 0.3]],
    ['{ start: 0.9, stop: 0, step: -0.3 }', [0.9, 0.6, 0.3, 0]],
    ['{ start: 0.3, stop: 0, step: -0.1 }', [0.3, 0.2, 0.1, 0]],
    ['{ start: 0.5, stop: 0.5, step: 1 }', [0.5]],
    ['{ logspace: { start: 0.001, stop: 0.9, count: 2 } }', [0.001, 0.9]],
    ['{ logspace: { start: 1e-4, stop: 0.1, count: 4 } }', [1e-4, 1e-3, 1e-2, 0.1]],
    ['{ values: [0.5, 0.1] }', [0.5, 0.1]],
  ])('%s', async (range, values) => {
    const plan = await planOf(`name: range\nmatrix: { dropout: ${range} }`);
    expect(plan.axes).toEqual([{ name: 'dropout', values }]);
    expect(plan.cells.map(({ params }) => params.dropout)).toEqual(values);
  });

  test('of whole numbers, in a zip group', async () => {
    expect(
      await cells(
        'zip: { size: { resolution: { start: 28, stop: 84, step: 28 }, batchSize: [64, 64, 32] } }',
      ),
    ).toEqual(['resolution=28 batchSize=64', 'resolution=56 batchSize=64', 'resolution=84 batchSize=32']);
  });
});

describe('dimensions', () => {
  test.each([
    [
      'variants × matrix × zip, the first slowest',
      `variants: { wide: { alpha: 1 }, narrow: { alpha: 0.25 } }
matrix: { dropout: [0, 0.5] }
zip: { size: { resolution: [28, 56], batchSize: [64, 32] } }`,
      [
        'variant=wide dropout=0 resolution=28 batchSize=64',
        'variant=wide dropout=0 resolution=56 batchSize=32',
        'variant=wide dropout=0.5 resolution=28 batchSize=64',
        'variant=wide dropout=0.5 resolution=56 batchSize=32',
        'variant=narrow dropout=0 resolution=28 batchSize=64',
        'variant=narrow dropout=0 resolution=56 batchSize=32',
        'variant=narrow dropout=0.5 resolution=28 batchSize=64',
        'variant=narrow dropout=0.5 resolution=56 batchSize=32',
      ],
    ],
    [
      'an axis exists only where its condition holds',
      'matrix: { dropout: { values: [0, 0.2], when: { weights: none } }, weights: [none, imagenet] }',
      ['weights=none dropout=0', 'weights=none dropout=0.2', 'weights=imagenet'],
    ],
    [
      'a condition on a condition',
      `matrix:
  epochs: { values: [2, 4], when: { dropout: 0 } }
  dropout: { values: [0, 0.2], when: { weights: [none] } }
  weights: [none, imagenet]`,
      [
        'weights=none dropout=0 epochs=2',
        'weights=none dropout=0 epochs=4',
        'weights=none dropout=0.2',
        'weights=imagenet',
      ],
    ],
    [
      'a condition on a variant, and on a value that nothing sweeps',
      `variants: { wide: { alpha: 1 }, narrow: { alpha: 0.25 } }
matrix:
  dropout: { values: [0, 0.2], when: { variant: wide, optimizer.name: adam } }`,
      ['variant=wide dropout=0', 'variant=wide dropout=0.2', 'variant=narrow'],
    ],
    [
      'grids joined, each with its own zip and exclude, what a grid does not sweep shown as it is',
      `params: { dropout: 0.1 }
matrix:
  - { augmentation: [none, flip, mask], resolution: [28, 56], exclude: [{ augmentation: [flip, mask], resolution: 28 }] }
  - { zip: { both: { dropout: [0.2, 0.4], resolution: [28, 112] } } }`,
      [
        'augmentation=none resolution=28 dropout=0.1',
        'augmentation=none resolution=56 dropout=0.1',
        'augmentation=flip resolution=56 dropout=0.1',
        'augmentation=mask resolution=56 dropout=0.1',
        'augmentation=none resolution=28 dropout=0.2',
        'augmentation=none resolution=112 dropout=0.4',
      ],
    ],
    [
      'each axis alone from the baseline',
      `mode: oneAtATime
params: { resolution: 28 }
matrix: { augmentation: [none, flip], resolution: [28, 56] }
compare: { baseline: { augmentation: flip } }`,
      [
        'augmentation=flip resolution=28',
        'augmentation=none resolution=28',
        'augmentation=flip resolution=56',
      ],
    ],
    [
      'a baseline with a variant and a row of a zip group',
      `mode: oneAtATime
variants: { wide: { alpha: 1 }, narrow: { alpha: 0.25 } }
zip: { size: { resolution: [28, 56], batchSize: [32, 16] } }
compare: { baseline: { variant: narrow, resolution: 28 } }`,
      [
        'variant=narrow resolution=28 batchSize=32',
        'variant=wide resolution=28 batchSize=32',
        'variant=narrow resolution=56 batchSize=16',
      ],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await cells(text)).toEqual(expected);
  });

  test('a nested axis is laid over its parameter', async () => {
    const plan = await planOf(`name: nested
params: { optimizer: { learningRate: 0.5 } }
variants: { slow: { optimizer: { learningRate: 0.1 } }, same: {} }
matrix: { optimizer.name: [adam] }`);
    expect(plan.cells.map(({ params }) => params.optimizer)).toEqual([
      { name: 'adam', learningRate: 0.1 },
      { name: 'adam', learningRate: 0.5 },
    ]);
  });
});

describe('rules', () => {
  const grid = 'matrix: { augmentation: [none, flip, mask], resolution: [28, 56] }\n';

  test('exclude leaves out, include adds, and the arithmetic says what each did', async () => {
    const plan = await planOf(`name: rules
${sets}${grid}exclude:
  - { augmentation: mask }
  - { augmentation: [flip, mask], resolution: 28 }
include:
  - { augmentation: flip, resolution: 112 }
  - { augmentation: none, resolution: 28 }
overrides:
  - { when: { resolution: 112 }, set: { batchSize: 32, optimizer: { learningRate: 0.1 } } }
  - { when: { augmentation: flip }, set: { batchSize: 100 } }
seeds: [1, 2]`);
    expect(cellsOf(plan)).toEqual([
      'augmentation=none resolution=28',
      'augmentation=none resolution=56',
      'augmentation=flip resolution=56',
      'augmentation=flip resolution=112',
    ]);
    expect(plan.cells.map(({ params }) => params.batchSize)).toEqual([64, 64, 100, 100]);
    expect(plan.cells[3]!.params.optimizer.learningRate).toBe(0.1);
    expect(plan.arithmetic).toMatchObject({
      gridCells: 6,
      excluded: [
        { rule: 'exclude[0]', cells: 2 },
        { rule: 'exclude[1]', cells: 1 },
      ],
      included: 2,
      identical: 1,
      overridden: [
        { rule: 'overrides[0]', cells: 1 },
        { rule: 'overrides[1]', cells: 2 },
      ],
      cells: 4,
      trials: 8,
    });
  });

  test('exclude sees what nothing sweeps, and a nested parameter', async () => {
    const text = `variants: { wide: { alpha: 1 }, narrow: { alpha: 0.25 } }
matrix: { optimizer: [{ learningRate: 0.1 }, { learningRate: 0.2 }] }
exclude: [{ alpha: 1, optimizer: { name: adam, learningRate: 0.1 } }, { alpha: 0.25, optimizer.learningRate: 0.2 }]`;
    expect(await cells(text)).toEqual([
      'variant=wide optimizer={"learningRate":0.2}',
      'variant=narrow optimizer={"learningRate":0.1}',
    ]);
  });

  test('a cell that is left out is not checked', async () => {
    const text = `matrix: { weights: [none, imagenet], alpha: [1, 1.5] }
exclude: [{ weights: imagenet, alpha: 1.5 }]`;
    expect(await cells(text)).toHaveLength(3);
  });

  test('include may name what no axis sweeps: it becomes a column', async () => {
    const text = 'matrix: { dropout: [0, 0.5] }\ninclude: [{ dropout: 0, epochs: 3 }]';
    expect(await cells(text)).toEqual(['dropout=0 epochs=50', 'dropout=0.5 epochs=50', 'dropout=0 epochs=3']);
  });

  test('include takes a variant, and says nothing of an axis that does not exist in its cell', async () => {
    const text = `variants: { wide: { alpha: 1 }, narrow: { alpha: 0.25 } }
matrix: { weights: [none], dropout: { values: [0], when: { weights: none } } }
include: [{ variant: wide, weights: imagenet }]`;
    expect((await cells(text)).at(-1)).toBe('variant=wide weights=imagenet');
    expect((await planOf(`name: x\n${text}`)).cells.at(-1)!.params).toMatchObject({ alpha: 1, dropout: 0.5 });
  });
});

describe('comparisons', () => {
  const pairs = async (text: string) => {
    const plan = await planOf(`name: compared\n${sets}${text}`);
    const shown = cellsOf(plan);
    return plan.comparisons.map(
      ({ cell, baseline, differs }) => `${shown[cell]} | ${shown[baseline]} | ${differs.join()}`,
    );
  };

  test('each cell with the baseline that equals it on all other axes', async () => {
    expect(
      await pairs(`matrix: { augmentation: [none, flip], resolution: [28, 56] }
include: [{ augmentation: flip, resolution: 112 }]
compare: { baseline: { augmentation: none }, vary: [augmentation] }`),
    ).toEqual([
      'augmentation=flip resolution=28 | augmentation=none resolution=28 | augmentation',
      'augmentation=flip resolution=56 | augmentation=none resolution=56 | augmentation',
    ]);
  });

  test('a zip group differs as one', async () => {
    expect(
      await pairs(`matrix: { dropout: [0, 0.5] }
zip: { size: { resolution: [28, 56], batchSize: [64, 32] } }
compare: { baseline: { resolution: 28 } }`),
    ).toEqual([
      'dropout=0 resolution=56 batchSize=32 | dropout=0 resolution=28 batchSize=64 | resolution,batchSize',
      'dropout=0.5 resolution=56 batchSize=32 | dropout=0.5 resolution=28 batchSize=64 | resolution,batchSize',
    ]);
  });

  test('an axis that does not exist in the baseline tells nothing', async () => {
    expect(
      await pairs(`matrix: { weights: [imagenet, none], alpha: [1], dropout: { values: [0, 0.2], when: { weights: none } } }
compare: { baseline: { weights: imagenet } }`),
    ).toEqual([
      'weights=none alpha=1 dropout=0 | weights=imagenet alpha=1 | weights,dropout',
      'weights=none alpha=1 dropout=0.2 | weights=imagenet alpha=1 | weights,dropout',
    ]);
  });

  test('one axis at a time, all with the baseline', async () => {
    expect(await pairs('mode: oneAtATime\nmatrix: { augmentation: [flip], resolution: [28] }')).toEqual([
      'augmentation=flip resolution=56 | augmentation=none resolution=56 | augmentation',
      'augmentation=none resolution=28 | augmentation=none resolution=56 | resolution',
    ]);
  });

  test('none without `compare`', async () => {
    expect(await pairs('matrix: { augmentation: [none, flip] }')).toEqual([]);
  });
});

describe('cells that train the same under several names', () => {
  const named = `augmentations: { flip: [{ horizontalFlip: {} }], mirror: [{ horizontalFlip: { probability: 0.5 } }] }
variants: { a: { dropout: 0.1 }, b: { dropout: 0.1 }, c: {} }
`;
  const show = async (text: string) => {
    const plan = await planOf(`name: names\n${text}`);
    const shown = cellsOf(plan);
    const pairs = plan.comparisons.map(({ cell, baseline }) => `${shown[cell]} | ${shown[baseline]}`);
    return { ...plan, shown, pairs };
  };

  test.each([
    [
      'variants',
      'variants: { a: { dropout: 0.1 }, b: { dropout: 0.1 }, c: {} }\ncompare: { baseline: { variant: b } }',
      ['variant=a, b', 'variant=c'],
      ['variant=c | variant=a, b'],
    ],
    [
      'sets with one content, on another axis',
      `${named.split('\n')[0]}
matrix: { augmentation: [none, flip, mirror], resolution: [28, 56] }
compare: { baseline: { augmentation: mirror } }`,
      [
        'augmentation=none resolution=28',
        'augmentation=none resolution=56',
        'augmentation=flip, mirror resolution=28',
        'augmentation=flip, mirror resolution=56',
      ],
      [
        'augmentation=none resolution=28 | augmentation=flip, mirror resolution=28',
        'augmentation=none resolution=56 | augmentation=flip, mirror resolution=56',
      ],
    ],
    [
      'the rows of a zip group',
      `${named.split('\n')[0]}
zip: { size: { augmentation: [flip, mirror, none], epochs: [2, 2, 3] } }
compare: { baseline: { augmentation: mirror } }`,
      ['augmentation=flip, mirror epochs=2', 'augmentation=none epochs=3'],
      ['augmentation=none epochs=3 | augmentation=flip, mirror epochs=2'],
    ],
    [
      'a baseline that only one name finds',
      `${named}matrix: { resolution: [28, 56] }
exclude: [{ variant: a, resolution: 56 }]
compare: { baseline: { resolution: 28 } }`,
      [
        'variant=a, b resolution=28',
        'variant=b resolution=56',
        'variant=c resolution=28',
        'variant=c resolution=56',
      ],
      [
        'variant=b resolution=56 | variant=a, b resolution=28',
        'variant=c resolution=56 | variant=c resolution=28',
      ],
    ],
    [
      'one axis at a time',
      `${named}mode: oneAtATime
compare: { baseline: { variant: b } }`,
      ['variant=b, a', 'variant=c'],
      ['variant=c | variant=b, a'],
    ],
    [
      'what overrides make equal',
      `matrix: { dropout: [0, 0.5] }
include: [{ dropout: 0, epochs: 3 }, { dropout: 0, epochs: 4 }]
overrides: [{ when: { epochs: [3, 4] }, set: { epochs: 5 } }]`,
      ['dropout=0 epochs=50', 'dropout=0.5 epochs=50', 'dropout=0 epochs=5'],
      [],
    ],
  ])('%s', async (_, text, cells, pairs) => {
    const plan = await show(text);
    expect(plan.shown).toEqual(cells);
    expect(plan.pairs).toEqual(pairs);
    expect(new Set(plan.trials.map(({ id }) => id)).size).toBe(plan.trials.length);
  });

  test('the trial’s label has all names, the axis each, and the id none', async () => {
    const { trials, axes } = await show(`${named}exclude: [{ variant: c }]`);
    expect(trials.map(({ label }) => label)).toEqual(['variant=a, b seed=2017']);
    expect(axes).toEqual([{ name: 'variant', values: ['a', 'b', 'c'] }]);
    expect(trials[0]!.id).toBe((await planOf('name: x\nparams: { dropout: 0.1 }')).trials[0]!.id);
  });

  test('rules match each name for itself: an override of one of them makes two cells of one', async () => {
    expect((await show(`${named}exclude: [{ variant: b }]`)).shown).toEqual(['variant=a', 'variant=c']);
    const { cells, shown, arithmetic } = await show(
      `${named}overrides: [{ when: { variant: b }, set: { epochs: 5 } }]`,
    );
    expect(shown).toEqual(['variant=a', 'variant=b', 'variant=c']);
    expect(cells.map(({ params }) => params.epochs)).toEqual([50, 5, 50]);
    expect(arithmetic).toMatchObject({ identical: 0, overridden: [{ rule: 'overrides[0]', cells: 1 }] });
  });

  test('a setting that a cell does not have is not shown, and decides nothing', async () => {
    const text = `matrix: { optimizer.name: [adam, sgd], optimizer.momentum: [0, 0.9] }\n`;
    const { shown, pairs } = await show(`${text}compare: { baseline: { optimizer.name: sgd } }`);
    const [adam, still, moving] = shown;
    expect(shown).toEqual([
      'optimizer.name=adam',
      'optimizer.name=sgd optimizer.momentum=0',
      'optimizer.name=sgd optimizer.momentum=0.9',
    ]);
    expect(pairs).toEqual([`${adam} | ${still}`, `${adam} | ${moving}`]);
    const turned = await show(`${text}compare: { baseline: { optimizer.name: adam } }`);
    expect(turned.pairs).toEqual([`${still} | ${adam}`, `${moving} | ${adam}`]);
  });

  test('of one content, two names are no drift', async () => {
    const { pairs } = await show(`${named.split('\n')[0]}
variants: { one: { augmentation: flip, epochs: 2 }, two: { augmentation: mirror, epochs: 3 } }
compare: { baseline: { variant: one }, vary: [epochs] }`);
    expect(pairs).toEqual(['variant=two | variant=one']);
  });
});

describe('limits and order', () => {
  test('are read into the plan', async () => {
    const plan = await planOf(`name: limits
budget: { maxTrials: 300, maxDuration: 1d12h, trialTimeout: 1.5h, stallTimeout: 5m, maxFailedTrials: 10 }
checkpoint: { everyEpochs: 5 }
retry: { max: 2 }`);
    expect(plan.budget).toEqual({
      maxTrials: 300,
      maxDurationSeconds: 129_600,
      trialTimeoutSeconds: 5400,
      stallTimeoutSeconds: 300,
      maxFailedTrials: 10,
    });
    expect(plan.checkpointEveryEpochs).toBe(5);
    expect(plan.maxRetries).toBe(2);
  });

  test('are none by default, but that a trial may not stand still for long', async () => {
    const plan = await planOf('name: limits');
    expect(plan.maxRetries).toBe(0);
    expect(plan.checkpointEveryEpochs).toBe(1);
    const { stallTimeoutSeconds, ...others } = plan.budget;
    expect(stallTimeoutSeconds).toBe(600);
    expect(new Set(Object.values(others))).toEqual(new Set([null]));
  });

  test('which models are saved is in the plan, and in no trial’s identity', async () => {
    const plans = await Promise.all(
      ['', 'save: {}', 'save: { models: best }', 'save: { models: all }'].map((line) =>
        planOf(`name: models\n${line}`),
      ),
    );
    expect(plans.map(({ saveModels }) => saveModels)).toEqual(['none', 'none', 'best', 'all']);
    expect(new Set(plans.map(({ trials }) => trials[0]!.id)).size).toBe(1);
  });

  test('cell by cell', async () => {
    const plan = await planOf('name: order\norder: cellByCell\nmatrix: { dropout: [0, 0.5] }\nseeds: [1, 2]');
    expect(plan.trials.map(({ label }) => label)).toEqual([
      'dropout=0 seed=1',
      'dropout=0 seed=2',
      'dropout=0.5 seed=1',
      'dropout=0.5 seed=2',
    ]);
  });
});
