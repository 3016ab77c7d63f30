import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandPlan } from '../../src/plan/expand-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { loadSpec } from '../../src/spec/load-spec.js';
import { mergeTrees, type SourceNode } from '../../src/spec/source/source-tree.js';
import { context, planOf, problemsIn, writeFolder } from '../spec/experiment-folder.js';

type Lists = Readonly<Record<string, readonly unknown[]>>;
type Fields = Readonly<Record<string, unknown>>;

const plan = (experiment: object): Promise<Plan> =>
  planOf(JSON.stringify({ name: 'property', ...experiment }));
const idsOf = ({ trials }: Plan) => trials.map(({ id }) => id).sort();
const product = (lists: Lists) => Object.values(lists).reduce((size, { length }) => size * length, 1);

const list = <Value>(value: fc.Arbitrary<Value>) => fc.uniqueArray(value, { minLength: 1, maxLength: 3 });
const axes = fc.record(
  {
    resolution: list(fc.constantFrom(28, 56, 84, 112)),
    dropout: list(fc.constantFrom(0, 0.1, 0.2, 0.4)),
    'optimizer.learningRate': list(fc.constantFrom(0.1, 0.01, 0.001)),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Lists>;
const zip = fc.integer({ min: 1, max: 4 }).chain((length) =>
  fc.record({
    alpha: fc.shuffledSubarray([0.25, 0.5, 0.75, 1], { minLength: length, maxLength: length }),
    batchSize: fc.array(fc.constantFrom(32, 64, 100), { minLength: length, maxLength: length }),
  }),
);
const variants = fc.constantFrom<Fields>({}, { short: { epochs: 2 }, long: { epochs: 9 } });
const seeds = list(fc.integer({ min: 1, max: 2 ** 32 - 1 }));
const runs = { numRuns: 40 };

describe('the size of a plan', () => {
  const withVariants = (named: Fields) => (Object.keys(named).length > 0 ? { variants: named } : {});

  test('is variants × matrix × zip × seeds', async () => {
    const check = async (matrix: Lists, group: Lists, named: Fields, seedList: number[]) => {
      const { cells, trials, arithmetic } = await plan({
        matrix,
        zip: { size: group },
        ...withVariants(named),
        seeds: seedList,
      });
      const size = product(matrix) * group.alpha!.length * Math.max(1, Object.keys(named).length);
      expect(cells).toHaveLength(size);
      expect(trials).toHaveLength(size * seedList.length);
      expect(arithmetic).toMatchObject({ gridCells: size, cells: size, trials: trials.length });
      expect(new Set(trials.map(({ id }) => id)).size).toBe(trials.length);
    };
    await fc.assert(fc.asyncProperty(axes, zip, variants, seeds, check), runs);
  });

  test('with one axis at a time is a sum', async () => {
    const check = async (matrix: Lists, group: Lists) => {
      // The defaults are in none of the lists but resolution's and the learning rate's.
      const params = {
        resolution: 8,
        dropout: 0.9,
        optimizer: { learningRate: 0.5 },
        alpha: 1,
        batchSize: 7,
      };
      const { cells, comparisons } = await plan({
        mode: 'oneAtATime',
        params,
        matrix,
        zip: { size: group },
      });
      const rows = Object.values(matrix).reduce((sum, { length }) => sum + length, 0);
      expect(cells).toHaveLength(1 + rows + group.alpha!.length);
      expect(comparisons.map(({ baseline }) => baseline)).toEqual(cells.slice(1).map(() => 0));
    };
    await fc.assert(fc.asyncProperty(axes, zip, check), runs);
  });

  test('with a condition is what is left without the axis, and with it where it holds', async () => {
    const check = async (matrix: Lists, resolutions: number[], epochs: number[], holds: number) => {
      const when = { resolution: resolutions.slice(0, (holds % resolutions.length) + 1) };
      const swept = { ...matrix, resolution: resolutions };
      const others = product(swept) / resolutions.length;
      const { cells } = await plan({ matrix: { epochs: { values: epochs, when }, ...swept } });
      const held = when.resolution.length;
      expect(cells).toHaveLength(others * (held * epochs.length + resolutions.length - held));
      for (const { axes } of cells)
        expect('epochs' in axes).toBe(when.resolution.includes(axes.resolution as number));
    };
    const resolutions = list(fc.constantFrom(28, 56, 84, 112));
    await fc.assert(
      fc.asyncProperty(axes, resolutions, list(fc.integer({ min: 1, max: 9 })), fc.nat(9), check),
      runs,
    );
  });
});

describe('rules', () => {
  const resolution = fc.constantFrom(28, 56, 84);
  const dropout = fc.constantFrom(0, 0.1, 0.2);
  const grid = { resolution: [28, 56, 84], dropout: [0, 0.1, 0.2] };
  const rule = fc.record(
    { resolution: fc.oneof(resolution, list(resolution)), dropout },
    { requiredKeys: ['resolution'] },
  );
  const matchesRule = (params: Fields, wanted: Fields) =>
    Object.entries(wanted).every(([name, value]) => ([] as unknown[]).concat(value).includes(params[name]));

  test('exclude leaves exactly the cells that no rule matches, and counts each once', async () => {
    const check = async (exclude: Fields[]) => {
      const all = await plan({ matrix: grid });
      if (all.cells.every(({ params }) => exclude.some((one) => matchesRule(params as never, one)))) return;
      const { cells, arithmetic } = await plan({ matrix: grid, exclude });
      const kept = all.cells.filter(
        ({ params }) => !exclude.some((one) => matchesRule(params as never, one)),
      );
      expect(cells.map(({ params }) => params)).toEqual(kept.map(({ params }) => params));
      const removed = arithmetic.excluded.reduce((sum, effect) => sum + effect.cells, 0);
      expect(removed).toBe(all.cells.length - cells.length);
    };
    await fc.assert(fc.asyncProperty(fc.array(rule, { maxLength: 4 }), check), runs);
  });

  test('include adds its cells, and changes none', async () => {
    const cell = fc.record({ resolution: fc.integer({ min: 8, max: 90 }), dropout });
    const check = async (include: Fields[]) => {
      const all = await plan({ matrix: grid });
      const more = await plan({ matrix: grid, include });
      expect(more.cells.slice(0, all.cells.length)).toEqual(all.cells);
      for (const wanted of include)
        expect(more.cells.some(({ params }) => matchesRule(params as never, wanted))).toBe(true);
      expect(more.arithmetic.cells).toBe(9 + include.length - more.arithmetic.identical);
    };
    await fc.assert(fc.asyncProperty(fc.array(cell, { maxLength: 4 }), check), runs);
  });

  test('overrides set where their condition matches, the last winning, and nowhere else', async () => {
    const override = fc.record({ when: rule, set: fc.record({ epochs: fc.integer({ min: 1, max: 9 }) }) });
    const check = async (overrides: { when: Fields; set: { epochs: number } }[]) => {
      const { cells } = await plan({ matrix: grid, overrides });
      for (const { params } of cells) {
        const last = overrides.findLast(({ when }) => matchesRule(params as never, when));
        expect(params.epochs).toBe(last?.set.epochs ?? 50);
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(override, { maxLength: 4 }), check), runs);
  });

  test('compared cells differ in the baseline’s axis only', async () => {
    const check = async (exclude: Fields[], baseline: number) => {
      const { cells, comparisons } = await plan({
        matrix: grid,
        exclude,
        compare: { baseline: { dropout: baseline }, vary: ['dropout'] },
      });
      for (const { cell, baseline: other, differs } of comparisons) {
        expect(differs).toEqual(['dropout']);
        expect({ ...cells[cell]!.params, dropout: baseline }).toEqual(cells[other]!.params);
      }
      const resolutions = new Set(
        cells.filter(({ params }) => params.dropout === baseline).map(({ params }) => params.resolution),
      );
      const expected = cells.filter(
        ({ params }) => params.dropout !== baseline && resolutions.has(params.resolution),
      );
      expect(comparisons).toHaveLength(expected.length);
    };
    const spared = fc.record({ resolution: fc.constantFrom(28, 56), dropout });
    await fc.assert(fc.asyncProperty(fc.array(spared, { maxLength: 3 }), dropout, check), runs);
  });
});

describe('ids', () => {
  const reverse = (fields: Fields) => Object.fromEntries(Object.entries(fields).reverse());

  test('do not depend on the order of keys, rows, variants and grids', async () => {
    const check = async (matrix: Lists, group: Lists, named: Fields) => {
      const other = { epochs: [3] };
      const variantFields = Object.keys(named).length > 0 ? { variants: named } : {};
      const turned = Object.keys(named).length > 0 ? { variants: reverse(named) } : {};
      const first = Object.keys(named).length > 0 ? [matrix] : [matrix, other];
      const one = await plan({ matrix: first, zip: { size: group }, ...variantFields });
      const rows = Object.fromEntries(
        Object.entries(group).map(([name, values]) => [name, values.toReversed()]),
      );
      const two = await plan({
        ...turned,
        zip: { size: reverse(rows) },
        matrix: first.map(reverse).reverse(),
      });
      expect(idsOf(two)).toEqual(idsOf(one));
    };
    await fc.assert(fc.asyncProperty(axes, zip, variants, check), runs);
  });

  test('do not depend on how an axis is written, or on the files', async () => {
    const check = async (matrix: Lists, group: Lists) => {
      const one = await plan({ matrix, zip: { size: group } });
      const values = Object.entries(matrix).map(([name, own]) => [name, { values: own }]);
      const folder = writeFolder({
        'sweep.yaml': JSON.stringify({ extends: ['grid.yaml', 'zip.yaml'], name: 'other' }),
        'grid.yaml': JSON.stringify({ matrix: Object.fromEntries(values) as unknown }),
        'zip.yaml': JSON.stringify({ extends: 'deep.yaml' }),
        'deep.yaml': JSON.stringify({ zip: { size: group } }),
      });
      const two = expandPlan(await loadSpec(join(folder, 'sweep.yaml'), []), context);
      expect(idsOf(two)).toEqual(idsOf(one));
    };
    await fc.assert(fc.asyncProperty(axes, zip, check), runs);
  });
});

describe('extends', () => {
  const place = { path: 'sweep.yaml', text: '', start: 0, end: 0 };
  const { tree } = fc.letrec<{ tree: SourceNode }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.nat(3).map((value): SourceNode => ({ kind: 'scalar', place, value })),
      fc.array(tie('tree'), { maxLength: 2 }).map((items): SourceNode => ({ kind: 'list', place, items })),
      fc
        .dictionary(fc.constantFrom('a', 'seeds', 'count', 'until', 'max'), tie('tree'))
        .map((fields): SourceNode => ({
          kind: 'map',
          place,
          entries: new Map(Object.entries(fields).map(([name, node]) => [name, { key: place, node }])),
        })),
    ),
  }));

  const under = (name: string, node: SourceNode): SourceNode => ({
    kind: 'map',
    place,
    entries: new Map([[name, { key: place, node }]]),
  });

  test('is associative: it does not matter where a chain of files is cut', () => {
    const check = (a: SourceNode, b: SourceNode, c: SourceNode) => {
      expect(mergeTrees(mergeTrees(a, b), c)).toEqual(mergeTrees(a, mergeTrees(b, c)));
    };
    fc.assert(fc.property(tree, tree, tree, check), { numRuns: 500 });
    const seeds = tree.filter(({ kind }) => kind === 'map').map((node) => under('seeds', node));
    fc.assert(fc.property(seeds, seeds, seeds, check), { numRuns: 500 });
  });

  test('seeds in a form that a later file replaces do not come back, wherever the chain is cut', async () => {
    const files = {
      'a.yaml': 'seeds: { until: decided, max: 12 }\ncompare: { baseline: { dropout: 0 } }',
      'b.yaml': 'seeds: { count: 3 }',
      'c.yaml': 'seeds: { until: decided }',
      'bc.yaml': 'extends: [b.yaml, c.yaml]',
      'sweep.yaml': 'name: x\nextends: [a.yaml, b.yaml, c.yaml]',
      'nested.yaml': 'name: x\nextends: [a.yaml, bc.yaml]',
    };
    const folder = writeFolder(files);
    for (const file of ['sweep.yaml', 'nested.yaml'])
      expect((await loadSpec(join(folder, file), [])).seeds).toEqual({ until: 'decided' });
  });

  test('a mapping over a list replaces what lies below the list', async () => {
    const files = {
      'a.yaml': 'seeds: { count: 6, base: 1 }',
      'b.yaml': 'seeds: [1, 2]',
      'c.yaml': 'seeds: { count: 3 }',
      'bc.yaml': 'extends: [b.yaml, c.yaml]',
      'sweep.yaml': 'name: x\nextends: [a.yaml, b.yaml, c.yaml]',
      'nested.yaml': 'name: x\nextends: [a.yaml, bc.yaml]',
    };
    const folder = writeFolder(files);
    for (const file of ['sweep.yaml', 'nested.yaml'])
      expect((await loadSpec(join(folder, file), [])).seeds).toEqual({ count: 3 });
  });
});

describe('whatever is combined', () => {
  const names = [
    'resolution',
    'dropout',
    'weights',
    'alpha',
    'optimizer.learningRate',
    'augmentation',
  ] as const;
  const values: Readonly<Record<(typeof names)[number], readonly unknown[]>> = {
    resolution: [28, 56],
    dropout: [0, 0.5],
    weights: ['none', 'imagenet'],
    alpha: [0.25, 1],
    'optimizer.learningRate': [0.1, 0.01],
    augmentation: ['none', 'flip'],
  };
  const name = fc.constantFrom(...names);
  const fieldsOf = (make: (of: (typeof names)[number]) => fc.Arbitrary<unknown>, maxLength: number) =>
    fc
      .uniqueArray(name, { minLength: 1, maxLength })
      .chain((chosen) => fc.record(Object.fromEntries(chosen.map((one) => [one, make(one)]))));
  const one = (of: (typeof names)[number]) => fc.constantFrom(...values[of]);
  const some = (of: (typeof names)[number]) => fc.shuffledSubarray([...values[of]], { minLength: 1 });
  const variant = fc.option(fc.record({ variant: fc.constantFrom('wide', 'narrow') }), { freq: 3, nil: {} });
  const withVariant = (fields: fc.Arbitrary<object>) =>
    fc.tuple(fields, variant).map(([own, more]) => ({ ...own, ...more }));
  const match = withVariant(fieldsOf((of) => fc.oneof(one(of), some(of)), 2));
  const cell = withVariant(fieldsOf(one, 4));
  const axis = (of: (typeof names)[number]) =>
    fc.oneof({ weight: 3, arbitrary: some(of) }, fc.record({ values: some(of), when: match }));
  const group = fieldsOf((of) => fc.constantFrom(...values[of]).map((value) => [value, values[of][0]]), 2);
  const rules = <Rule>(rule: fc.Arbitrary<Rule>) => fc.array(rule, { minLength: 1, maxLength: 2 });
  const grid = fc
    .tuple(fieldsOf(axis, 3), fc.option(rules(match), { freq: 3, nil: undefined }))
    .map(([own, exclude]) => (exclude ? { ...own, exclude } : own));
  const patch = fc.record(
    { dropout: fc.constant(0.1), epochs: fc.constantFrom(2, 3) },
    { requiredKeys: ['epochs'] },
  );
  const experiment = fc.record(
    {
      name: fc.constant('combined'),
      augmentations: fc.constant({ flip: [{ horizontalFlip: {} }] }),
      variants: fc.record({ wide: patch, narrow: patch }),
      matrix: fc.oneof(grid, fc.array(grid, { minLength: 1, maxLength: 2 })),
      zip: fc.record({ size: group }),
      exclude: rules(match),
      include: rules(cell),
      overrides: rules(fc.record({ when: match, set: fc.constantFrom({ batchSize: 32 }, { epochs: 5 }) })),
      mode: fc.constantFrom('product', 'oneAtATime'),
      compare: fc.record(
        { baseline: cell, vary: some('resolution').map(() => ['resolution']) },
        { requiredKeys: ['baseline'] },
      ),
      order: fc.constantFrom('interleaved', 'cellByCell'),
      budget: fc.record({ maxTrials: fc.integer({ min: 1, max: 40 }) }),
    },
    { requiredKeys: ['name', 'augmentations'] },
  );

  test('it is a plan that adds up, or a list of problems, one at a place', async () => {
    let plans = 0;
    const check = async (fields: object) => {
      const text = JSON.stringify(fields, null, 1);
      const { reasons, text: told } = await problemsIn({ 'sweep.yaml': text });
      const places = [...told.matchAll(/┌─ (.*)/g)].map(([, at]) => at);
      expect(new Set(places).size).toBe(places.length);
      if (reasons.length > 0) return;
      plans++;
      const { cells, trials, arithmetic, comparisons } = await planOf(text);
      const removed = arithmetic.excluded.reduce((sum, effect) => sum + effect.cells, 0);
      expect(cells.length).toBe(arithmetic.gridCells! - removed + arithmetic.included - arithmetic.identical);
      expect(new Set(trials.map(({ id }) => id)).size).toBe(trials.length);
      expect(cells.length).toBeGreaterThan(0);
      for (const { cell, baseline } of comparisons) expect(cell).not.toBe(baseline);
    };
    // All fields at once seldom fit each other; a few of them often do.
    const kept = fc.subarray(
      ['variants', 'matrix', 'zip', 'exclude', 'include', 'overrides', 'mode', 'compare'],
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    const few = fc.tuple(experiment, kept).map(([fields, some]) => ({
      name: fields.name,
      augmentations: fields.augmentations,
      ...Object.fromEntries(Object.entries(fields).filter(([field]) => some.includes(field))),
    }));
    await fc.assert(fc.asyncProperty(fc.oneof(few, few, few, experiment), check), { numRuns: 200 });
    expect(plans).toBeGreaterThan(10);
  });
});

describe('large files', () => {
  test('fifty thousand cells with every rule expand: a quadratic step would take hours', async () => {
    const { cells, comparisons } = await plan({
      params: { weights: 'none' },
      matrix: {
        resolution: { start: 28, stop: 127, step: 1 },
        dropout: { start: 0, stop: 0.499, step: 0.001 },
        epochs: { values: [2, 3], when: { resolution: 28 } },
      },
      exclude: [{ resolution: 30, dropout: 0.1 }],
      include: [{ resolution: 200, dropout: 0 }],
      overrides: [{ when: { resolution: [100, 101] }, set: { batchSize: 32 } }],
      compare: { baseline: { dropout: 0 }, vary: ['dropout', 'epochs'] },
    });
    expect(cells.length).toBe(50_000 + 500);
    expect(comparisons.length).toBeGreaterThan(49_000);
  });

  test.each([
    ['a range', 'matrix: { dropout: { start: 0, stop: 0.9, step: 1e-300 } }', 'range-too-large'],
    [
      'many ranges',
      `zip: { a: { resolution: &r { start: 8, stop: 60000, step: 1 }, epochs: *r } }`,
      'range-too-large',
    ],
    [
      'a product',
      'matrix: { dropout: { start: 0, stop: 0.9, step: 0.001 }, resolution: { start: 8, stop: 512, step: 1 }, epochs: { start: 1, stop: 9000, step: 1 } }',
      'too-many-trials',
    ],
    [
      'one axis at a time',
      'mode: oneAtATime\nmatrix: { epochs: { start: 1, stop: 100000, step: 1 } }',
      'too-many-trials',
    ],
    ['seeds', 'seeds: { count: 4000000000, base: 1 }', 'too-many-trials'],
    [
      'a condition nested deeply',
      `exclude: [${'{ optimizer: '.repeat(80)}1${' }'.repeat(80)}]`,
      'yaml-syntax',
    ],
  ])('%s is refused before it is built', async (_, text, reason) => {
    const { reasons } = await problemsIn({ 'sweep.yaml': `name: huge\n${text}` });
    expect(reasons).toContain(reason);
  });
});
