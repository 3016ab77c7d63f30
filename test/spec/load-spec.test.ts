import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunnerError } from '../../src/diagnostics/runner-error.js';
import { loadSpec } from '../../src/spec/load-spec.js';
import { planOf, problemsIn, writeFolder } from './experiment-folder.js';

const load = (files: Readonly<Record<string, string>>, sets: readonly string[] = []) =>
  loadSpec(join(writeFolder(files), 'sweep.yaml'), sets);

describe('YAML', () => {
  test('is of version 1.2', async () => {
    const spec = await load({
      'sweep.yaml': '%YAML 1.1\n---\nname: no\nparams: { optimizer: { learningRate: 1e-3 } }',
    });
    expect(spec.name).toBe('no');
    expect(spec.params?.optimizer?.learningRate).toBe(0.001);
  });

  test('takes a byte order mark, Windows line ends and aliases', async () => {
    const lines = [
      'name: deep',
      'augmentations:',
      '  once: &flip [{ horizontalFlip: {} }]',
      '  again: *flip',
      '',
    ];
    const spec = await load({ 'sweep.yaml': `\uFEFF${lines.join('\r\n')}` });
    expect(spec.name).toBe('deep');
    expect(spec.augmentations).toEqual({ once: [{ horizontalFlip: {} }], again: [{ horizontalFlip: {} }] });
    const { text, start, end } = spec.placeOf(['augmentations', 'again']);
    expect(text.slice(start, end)).toBe('*flip');
  });

  test('refuses a bomb of aliases at once', async () => {
    const lines = Array.from(
      { length: 30 },
      (_, n) => `l${n + 1}: &l${n + 1} [*l${n}, *l${n}, *l${n}, *l${n}]`,
    );
    const { reasons } = await problemsIn({ 'sweep.yaml': ['l0: &l0 [boom]', ...lines].join('\n') });
    expect(reasons).toEqual(['alias-limit']);
  });

  test.each(['[', '{a: ', '- ', '? ', '[{a: '])(
    'refuses %j 100,000 times, too deep for the stack',
    async (open) => {
      const { text } = await problemsIn({ 'sweep.yaml': open.repeat(100_000) });
      expect(text).toMatch(/^error\[yaml-syntax\]: this is not YAML\n[^]* it is nested too deeply$/);
    },
  );

  test.each([
    ['an alias in its own anchor', 'name: &a [*a]'],
    ['two anchors in a circle', 'name: &a { b: &b [*a, *b] }'],
    ['a merge key of itself', 'name: a\nparams: &p { <<: *p }'],
    ['merge keys in a circle', 'name: a\nparams: &p { optimizer: &o { <<: *p } }'],
  ])('refuses %s', async (_title, text) => {
    const { reasons } = await problemsIn({ 'sweep.yaml': text });
    expect(reasons).toEqual(['alias-limit']);
  });

  test('has no merge keys: they are fields like others, and unknown', async () => {
    const { text } = await problemsIn({ 'sweep.yaml': 'name: &n merge\nparams: { <<: { epochs: 2 } }' });
    expect(text).toContain('`<<` is not a parameter');
  });

  test.each([
    '!!js/function "function () { process.exit(3) }"',
    '!!js/undefined ""',
    '!!python/object/apply:os.system ["exit 3"]',
    '!!binary aGVsbG8=',
    '!!set { a }',
    '!ruby/object:Gem::Installer {}',
    '!<tag:yaml.org,2002:js/regexp> /a/',
  ])('executes and makes nothing of a tag: %s', async (value) => {
    const { text, reasons } = await problemsIn({ 'sweep.yaml': `name: ${value}` });
    expect(reasons).toEqual(['yaml-syntax']);
    expect(text).toContain('tags are not allowed');
  });

  test.each([
    ['digits', `params: { epochs: ${'9'.repeat(100_000)} }`, ['wrong-type']],
    ['an exponent', 'params: { epochs: 1e999999999 }', ['wrong-type']],
    ['no number', 'params: { dropout: .nan }', ['wrong-type']],
    ['a text', `description: ''\nmetric: { name: ${'a'.repeat(100_000)} }`, ['not-allowed']],
    ['a key', `? ${'a'.repeat(100_000)}\n: 1`, ['unknown-field']],
    ['a count of seeds', 'seeds: { count: 1000000000 }', ['too-many-trials']],
    ['a range', 'matrix: { dropout: { start: 0, stop: 1e9, step: 1 } }', ['range-too-large']],
    [
      'a range over all numbers',
      'matrix: { epochs: { start: -1e308, stop: 1e308, step: 1 } }',
      ['range-too-large'],
    ],
    [
      'equal ratios',
      'matrix: { dropout: { logspace: { start: 0.1, stop: 1, count: 1e9 } } }',
      ['range-too-large'],
    ],
  ])('refuses %s without end, in few words', async (_title, text, expected) => {
    const problems = await problemsIn({ 'sweep.yaml': `name: large\n${text}` });
    expect(problems.reasons).toEqual(expected);
    expect(problems.text.length).toBeLessThan(1000);
  });

  test('a range that is refused does not spoil the next', async () => {
    const { reasons } = await problemsIn({
      'sweep.yaml':
        'name: a\nmatrix: { epochs: { start: -1e308, stop: 1e308, step: 1 }, dropout: { start: 0, stop: 0.4, step: 0.2 } }',
    });
    expect(reasons).toEqual(['range-too-large']);
  });

  test('reports a hundred of 300,000 problems, and how many more there are', async () => {
    const { reasons, text } = await problemsIn({ 'sweep.yaml': `name: many\n${'a:\n'.repeat(300_000)}` });
    expect(reasons).toHaveLength(101);
    expect(text).toContain('error[more-problems]: 299900 more problems are not shown');
  });

  test('keeps names with a meaning in JavaScript apart', async () => {
    const { text } = await problemsIn({
      'sweep.yaml': 'name: proto\nparams: { __proto__: { epochs: 2 }, constructor: 1 }',
    });
    expect(text).toContain('`__proto__` is not a parameter');
    expect(text).toContain('`constructor` is not a parameter');
    const sets = ['params.__proto__.polluted=1', 'constructor.prototype.polluted=1'];
    const { reasons } = await problemsIn({ 'sweep.yaml': 'name: proto' }, sets);
    expect(reasons).toEqual(['unknown-field', 'unknown-field']);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('takes them for names of sets, variants and zip groups', async () => {
    const plan = await planOf(`name: names
params: { weights: none }
augmentations: { toString: [horizontalFlip: {}], constructor: [mixup: {}] }
variants: { constructor: { augmentation: constructor }, prototype: {}, hasOwnProperty: { augmentation: toString } }
zip: { valueOf: { dropout: [0, 0.5] } }
exclude: [{ variant: prototype, dropout: 0 }]
compare: { baseline: { variant: constructor } }`);
    expect(
      plan.cells.map(({ axes, params }) => [axes.variant, axes.dropout, params.augmentation[0]?.name]),
    ).toEqual([
      ['constructor', 0, 'mixup'],
      ['constructor', 0.5, 'mixup'],
      ['prototype', 0.5, undefined],
      ['hasOwnProperty', 0, 'horizontalFlip'],
      ['hasOwnProperty', 0.5, 'horizontalFlip'],
    ]);
    expect(plan.comparisons.map(({ cell, baseline }) => [cell, baseline])).toEqual([
      [2, 1],
      [3, 0],
      [4, 1],
    ]);
  });

  test.each([
    '!!js/function "function () { throw 1 }"',
    '!!js/regexp /a/',
    '!!python/object/apply:os.system [ls]',
    '!env HOME',
  ])('executes nothing: %s is refused', async (value) => {
    const { reasons, text } = await problemsIn({ 'sweep.yaml': `name: tags\ndescription: ${value}` });
    expect(reasons).toEqual(['yaml-syntax']);
    expect(text).toContain('tags are not allowed');
  });

  test('a `--set` of 20,000 names is refused', async () => {
    const { text } = await problemsIn({ 'sweep.yaml': 'name: deep' }, [`params${'.a'.repeat(20_000)}=1`]);
    expect(text).toMatch(
      /^error\[bad-override\]: this `--set` is not valid\n[^]* no field is nested this deeply\n/,
    );
  });
});

describe('extends', () => {
  test('merges deeply; later files win, lists are replaced', async () => {
    const spec = await load({
      'sweep.yaml': 'extends: [shared/base.yaml, shared/quick.yaml]\nname: flip-vs-mask\nseeds: [3]',
      'shared/base.yaml': 'extends: wide.yaml\nparams: { epochs: 50, dropout: 0 }\nseeds: [1, 2]',
      'shared/wide.yaml': 'params: { epochs: 9, alpha: 1, optimizer: { learningRate: 0.1 } }',
      'shared/quick.yaml': 'params: { epochs: 2, optimizer: { name: adam } }\n',
    });
    expect(spec.params).toEqual({
      epochs: 2,
      dropout: 0,
      alpha: 1,
      optimizer: { learningRate: 0.1, name: 'adam' },
    });
    expect(spec.seeds).toEqual([3]);
    expect('extends' in spec).toBe(false);
    expect(spec.placeOf(['params', 'epochs']).path).toMatch(/shared\/quick\.yaml$/);
    expect(spec.placeOf(['params', 'dropout']).path).toMatch(/shared\/base\.yaml$/);
  });

  test('takes one base by two ways, and an empty one', async () => {
    const spec = await load({
      'sweep.yaml': 'extends: [a.yaml, b.yaml]\nname: diamond',
      'a.yaml': 'extends: base.yaml',
      'b.yaml': 'extends: ./base.yaml',
      'base.yaml': '# nothing yet',
    });
    expect(spec.name).toBe('diamond');
  });

  test('sees a circle through a link', async () => {
    const folder = writeFolder({ 'sweep.yaml': 'name: circle\nextends: again/sweep.yaml' });
    symlinkSync('.', join(folder, 'again'));
    await expect(loadSpec(join(folder, 'sweep.yaml'), [])).rejects.toThrow('extends-cycle');
  });

  test('takes a file by any path that stays in the folder of the experiment or in the working directory', async () => {
    const folder = writeFolder({
      'sweep.yaml': 'name: inside',
      'shared/base.yaml': 'params: { epochs: 3 }',
      '..odd/base.yaml': 'params: { epochs: 3 }',
    });
    symlinkSync('shared', join(folder, 'link'));
    const load = async (path: string) => (await loadSpec(join(folder, 'sweep.yaml'), [])).params ?? path;
    for (const path of [
      'link/base.yaml',
      'shared/../shared/base.yaml',
      '..odd/base.yaml',
      join(folder, 'shared/base.yaml'),
    ]) {
      writeFileSync(join(folder, 'sweep.yaml'), `name: inside\nextends: ${JSON.stringify(path)}`);
      expect(await load(path)).toEqual({ epochs: 3 });
    }
    for (const path of [
      resolve('experiments/quickstart.yaml'),
      relative(folder, 'experiments/quickstart.yaml'),
    ]) {
      writeFileSync(join(folder, 'sweep.yaml'), `extends: ${JSON.stringify(path)}\nname: inside`);
      expect(await load(path)).toMatchObject({ alpha: 0.25 });
    }
  });

  test.each([
    ['an absolute path', (outside: string) => outside],
    ['a path upwards', (_outside: string, upwards: string) => upwards],
    ['a link to a file', () => 'link.yaml'],
    ['a link to a folder', () => 'linked/secret.yaml'],
  ])('refuses %s that leads elsewhere, and reads nothing of it', async (_title, choose) => {
    const outside = join(writeFolder({ 'secret.yaml': 'password: hunter2' }), 'secret.yaml');
    const folder = writeFolder({});
    mkdirSync(join(folder, 'deep'));
    symlinkSync(outside, join(folder, 'deep/link.yaml'));
    symlinkSync(dirname(outside), join(folder, 'deep/linked'));
    const path = choose(outside, relative(join(folder, 'deep'), outside));
    writeFileSync(join(folder, 'deep/sweep.yaml'), `name: outside\nextends: ${JSON.stringify(path)}`);
    const error: unknown = await loadSpec(join(folder, 'deep/sweep.yaml'), []).catch(
      (thrown: unknown) => thrown,
    );
    const { problems } = error as RunnerError;
    expect(problems).toMatchObject([{ reason: 'extends-outside', real: outside, place: { start: 23 } }]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  test('a path with a NUL names no file', async () => {
    const { reasons } = await problemsIn({ 'sweep.yaml': 'name: nul\nextends: "base\\0.yaml"' });
    expect(reasons).toEqual(['file-unreadable']);
  });

  test('tells the problems of all files, in order', async () => {
    const { text } = await problemsIn(
      {
        'sweep.yaml': 'name: order\nextends: base.yaml\nseed: 1\ndata: { validation: 3 }',
        'base.yaml': 'params: { alhpa: 1 }',
      },
      ['params.epochs=zero', 'resources.maxConcurrentTrials=-1'],
    );
    const places = [...text.matchAll(/┌─ (.*)/g)].map(([, place]) => place);
    expect(places).toEqual([
      'sweep.yaml:3:1',
      'sweep.yaml:4:21',
      'base.yaml:1:11',
      '--set:1:15',
      '--set:1:31',
    ]);
  });
});

describe('--set', () => {
  const text = 'name: flip-vs-mask\nparams: { epochs: 50, dropout: 0 }\nmatrix: { alpha: [1] }';

  test('wins over the file, the last over the first', async () => {
    const sets = ['params.epochs=9', 'params.epochs=2', 'seeds={ count: 2 }', 'data.validation.holdout=100'];
    const spec = await load({ 'sweep.yaml': text }, sets);
    expect(spec.params).toEqual({ epochs: 2, dropout: 0 });
    expect(spec.seeds).toEqual({ count: 2 });
    expect(spec.data).toEqual({ validation: { holdout: 100 } });
    const { path, text: argument, start, end } = spec.placeOf(['params', 'epochs']);
    expect([path, argument, argument.slice(start, end)]).toEqual(['--set', 'params.epochs=2', '2']);
  });

  test('reaches an axis with a dot in its name', async () => {
    const spec = await load({ 'sweep.yaml': text }, ['matrix.optimizer.learningRate=[1e-3, 1e-4]']);
    expect(spec.matrix).toEqual({ alpha: [1], 'optimizer.learningRate': [0.001, 0.0001] });
  });

  test('reaches into an axis, a zip group and the budget', async () => {
    const sets = [
      'matrix.optimizer.learningRate.when={ alpha: 1 }',
      'matrix.optimizer.learningRate.values=[0.1]',
      'zip.size.optimizer.name=[adam]',
      'budget.maxTrials=3',
    ];
    const spec = await load({ 'sweep.yaml': text }, sets);
    expect(spec.matrix).toEqual({
      alpha: [1],
      'optimizer.learningRate': { when: { alpha: 1 }, values: [0.1] },
    });
    expect(spec.zip).toEqual({ size: { 'optimizer.name': ['adam'] } });
    expect(spec.budget).toEqual({ maxTrials: 3 });
  });
});

test('a value that no file gives is located at what would hold it', async () => {
  const spec = await load({ 'sweep.yaml': 'name: places\nparams:\n  epochs: 2' });
  const shown = ({ text, start, end }: { text: string; start: number; end: number }) =>
    text.slice(start, end);
  expect(shown(spec.placeOf(['params', 'epochs']))).toBe('2');
  expect(shown(spec.keyPlaceOf(['params', 'epochs']))).toBe('epochs');
  expect(shown(spec.placeOf(['params', 'optimizer', 'learningRate']))).toBe('params');
});

describe('whatever is written', () => {
  // `problemsIn` throws whatever is not a RunnerError.
  const check = async (text: string, sets: readonly string[]) => {
    const { reasons, text: told } = await problemsIn({ 'sweep.yaml': text }, sets);
    expect(told.match(/^error\[/gm) ?? []).toHaveLength(reasons.length);
  };
  const word = fc.constantFrom(
    ...[
      'name',
      'params',
      'matrix',
      'zip',
      'variants',
      'exclude',
      'include',
      'overrides',
      'when',
      'set',
      'compare',
      'baseline',
      'vary',
      'values',
      'start',
      'stop',
      'step',
      'logspace',
      'mode',
      'oneAtATime',
      'budget',
      'optimizer.learningRate',
      'resolution',
      'variant',
      'seeds',
      'data',
      'extends',
      'augmentations',
      'metric',
      'optimizer',
      'alpha',
    ],
    ...[
      'none',
      'flip',
      'randomMask',
      'horizontalFlip',
      'area',
      'count',
      'base',
      'validation',
      'holdout',
      '<<',
    ],
  );
  const scalar = fc.oneof(word, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.string());
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      scalar,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(word, tie('value')),
    ),
  }));

  test('a text is an experiment or a list of problems', async () => {
    const piece = fc.constantFrom(
      ...'{}[]:,-&*!|>#%@?"\'\n\t ',
      '\n  ',
      ': ',
      '- ',
      '&a ',
      '*a',
      '!!set ',
      '---\n',
      'é',
    );
    const text = fc
      .array(fc.oneof(piece, word, fc.string()), { maxLength: 30 })
      .map((parts) => parts.join(''));
    await fc.assert(fc.asyncProperty(text, fc.array(text, { maxLength: 1 }), check), {
      numRuns: 200,
    });
  });

  test('so is a value', async () => {
    const experiment = fc
      .dictionary(word, value)
      .map((fields) => JSON.stringify({ name: 'random', ...fields }));
    await fc.assert(
      fc.asyncProperty(experiment, (text) => check(text, [])),
      { numRuns: 200 },
    );
  });
});
