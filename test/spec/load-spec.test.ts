import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadSpec } from '../../src/spec/load-spec.js';
import { problemsIn, writeFolder } from './experiment-folder.js';

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

  test('refuses a depth that would end the program', async () => {
    const { reasons } = await problemsIn({ 'sweep.yaml': '['.repeat(20_000) });
    expect(reasons).toEqual(['yaml-syntax']);
  });

  test('keeps names with a meaning in JavaScript apart', async () => {
    const { text } = await problemsIn({
      'sweep.yaml': 'name: proto\nparams: { __proto__: { epochs: 2 }, constructor: 1 }',
    });
    expect(text).toContain('`__proto__` is not a parameter');
    expect(text).toContain('`constructor` is not a parameter');
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
