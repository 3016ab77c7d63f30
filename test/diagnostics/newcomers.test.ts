import { expect, test } from 'vitest';
import { problemsIn } from '../spec/experiment-folder.js';

/** What people write who are new to YAML, or to this program: the place of each problem, and what stands beside it. */
const mistakes: readonly (readonly [title: string, yaml: string, ...shown: readonly string[]])[] = [
  [
    'a line indented by one space less',
    'params:\n  epochs: 5\n alpha: 1',
    '4:1 this line is indented differently from those that it belongs to',
  ],
  ['a tab', 'params:\n\tepochs: 5', '3:1 lines are indented with spaces, not with tabs'],
  ['no colon behind a mapping', 'params\n  epochs: 5', '2:1 a `:` is missing after the name of a field'],
  [
    'no colon in a mapping',
    'params:\n  epochs 5',
    '3:3 write a colon and a space between a field and its value: `epochs: 5`',
  ],
  [
    'no space behind a colon',
    'params:\n  epochs:5\n  alpha: 1',
    '3:3 a space is missing after the colon: `epochs: 5`',
  ],
  [
    'no space behind the only colon',
    'params:\n  epochs:5',
    '3:3 write a colon and a space between a field and its value: `epochs: 5`',
  ],
  ['nor within braces', 'params: {epochs:5}', '2:10 a space is missing after the colon: `epochs: 5`'],
  ['no comma within braces', 'params: { epochs: 5 alpha: 1 }', '2:19 a `,` is missing here'],
  ['no comma within brackets', 'matrix: { dropout: [0.1 0.2] }', '2:21 write `0.1, 0.2`'],
  ['an open bracket', 'seeds: [1, 2\nparams: { alpha: 1 }', '2:8 this `[` has no `]`'],
  ['an open brace', 'data: { validation: { holdout: 64 }\nseeds: [1]', '2:7 this `{` has no `}`'],
  ['an open double quote', 'description: "a \\" b\nseeds: [1]', '2:14 this quote is not closed'],
  ['an open single quote', "description: 'a b\nseeds: [1]", '2:14 this quote is not closed'],
  [
    'an apostrophe within single quotes',
    "description: 'it's'",
    '2:18 nothing may follow a value in quotes or brackets; a quote within quotes is written twice',
  ],
  [
    'a colon in a text',
    'description: Does it help: yes or no',
    '2:14 write text that contains `: ` in quotes; a mapping begins on the next line, indented',
  ],
  ['a text with a sign first', 'description: @home', '2:14 write text that begins with `@` in quotes'],
  [
    'a text with an exclamation mark first',
    'description: !important',
    '2:14 tags are not allowed; write text that begins with `!` in quotes',
  ],
  [
    'a list item among fields',
    'matrix:\n  dropout: [0]\n  - alpha: [1]',
    '4:3 a list item cannot be among the fields of a mapping',
  ],
  ['a key twice', 'seeds: [1]\nseeds: [2]', '3:1 first set in line 2'],
  [
    'fields as a list',
    'params:\n  - epochs: 5\n  - alpha: 1',
    '3:3 write the fields of a mapping without `- `',
  ],
  [
    'a list as fields',
    'augmentations:\n  flip:\n    horizontalFlip: {}',
    '4:5 write `- ` before each item of a list, or put the list within `[` and `]`',
  ],
  ['a name for a list', 'augmentations: { flip: horizontalFlip }', '2:24 write `[{ horizontalFlip: {} }]`'],
  [
    'a name for a mapping',
    'augmentations: { flip: [horizontalFlip] }',
    '2:25 write `{ horizontalFlip: {} }`',
  ],
  ['a name for an optimiser', 'params: { optimizer: sgd }', '2:22 write `{ name: sgd }`'],
  ['a name for a schedule', 'matrix: { schedule: cosine }', '2:21 write `[{ name: cosine }]`'],
  ['a number for a mapping', 'retry: 2', '2:8 write `{ max: 2 }`'],
  ['a number for a holdout', 'data: { validation: 5000 }', '2:21 write `{ holdout: 5000 }`'],
  ['a number for seeds', 'seeds: 6', '2:8 write `[6]` or `{ count: 6 }`'],
  ['numbers for seeds', 'seeds: 1, 2, 3', '2:8 write `[1, 2, 3]`'],
  ['a range of seeds', 'seeds: 2017-2022', '2:8 write `{ count: 6, base: 2017 }`'],
  [
    'another form of seeds',
    'seeds: { from: 1, n: 3 }',
    '2:1 add `count: 6`',
    '2:10 allowed: base, count, max, min, until',
    '2:19 allowed: base, count, max, min, until',
  ],
  ['a value for an axis', 'matrix: { dropout: 0.1, alpha: "1" }', '2:20 write `[0.1]`', '2:32 write `[1]`'],
  ['values for an axis', 'matrix:\n  dropout: 0.1, 0.2', '3:12 write `[0.1, 0.2]`'],
  ...['yes', 'on', 'Y', 'tRUE', '"true"', '1'].map(
    (value) => [`${value} for true`, `params: { testTimeFlip: ${value} }`, '2:25 write `true`'] as const,
  ),
  ...['no', 'Off', 'n', "'false'", '0'].map(
    (value) => [`${value} for false`, `params: { testTimeFlip: ${value} }`, '2:25 write `false`'] as const,
  ),
  [
    'a boolean in an axis, a rule and a condition',
    'matrix: { testTimeFlip: yes }\nexclude: [{ testTimeFlip: no }]\noverrides: [{ when: { testTimeFlip: on }, set: { epochs: 1 } }]',
    '2:25 write `[true]`',
    '3:27 write `false`',
    '4:37 write `true`',
  ],
  [
    'a word that is no boolean',
    'params: { testTimeFlip: maybe }',
    '2:25 expected `params.testTimeFlip` to be `true` or `false`, got the text `maybe`',
  ],
  [
    'a line indented further than its neighbour',
    'params:\n  optimizer:\n    name: adam\n     momentum: 0.1',
    '5:6 this line is indented further than the one above, whose value is complete',
  ],
  [
    'an equals sign',
    'params:\n  epochs = 5',
    '3:3 write a colon and a space between a field and its value: `epochs: 5`',
  ],
  ['curly quotes', 'description: “hello: x”', '2:14 use straight quotes, `"` or `\'`'],
  ['true for defaults', 'augmentations: { a: [horizontalFlip: true] }', '2:38 write `{}`'],
  ['a word cut short', 'metric: { goal: max }', '2:17 did you mean `maximize`?'],
  ['a number in quotes', 'params: { epochs: "5" }', '2:19 write a number without quotes: 5'],
  [
    'a decimal comma, percents and separators',
    'params:\n  dropout: 0,5\n  labelSmoothing: 10%\n  epochs: 1_000\n  batchSize: 1 024',
    '3:12 a number has a decimal point, no unit and no separators: 0.5',
    '4:19 a number has a decimal point, no unit and no separators: 0.1',
    '5:11 a number has a decimal point, no unit and no separators: 1000',
    '6:14 a number has a decimal point, no unit and no separators: 1024',
  ],
  ['null for none', 'params: { weights: null }', '2:20 write `none`'],
  [
    'a number and a boolean for a text',
    'description: 2024\nparams: { augmentation: true }',
    '2:14 write text that looks like a number or a boolean in quotes: "2024"',
    '3:25 write text that looks like a number or a boolean in quotes: "true"',
  ],
  ['a parameter outside of params', 'epochs: 5', '2:1 it is a parameter: `params: { epochs: … }`'],
  [
    'a field within params',
    'params:\n  epochs: 5\n  seeds: [1]',
    '4:3 it is a field of the experiment: write it without indentation',
  ],
  [
    'a setting of the optimiser by its own name, and dotted',
    'params: { learningRate: 0.1 }\nmatrix: { momentum: [0] }\nvariants: { a: { optimizer.momentum: 0 } }',
    '2:11 it is written as `optimizer: { learningRate: … }`',
    '3:11 it is written as `optimizer.momentum`',
    '4:18 it is written as `optimizer: { momentum: … }`',
  ],
  [
    'mistyped names of a field, a parameter, an augmentation, a set and a value',
    'parms: {}\nmatrix: { augmentation: [flpi], dropuot: [0] }\naugmentations: { flip: [{ horizontalFilp: {} }] }\nmetric: { select: lats }',
    '2:1 did you mean `params`?',
    '3:26 did you mean `flip`?',
    '3:33 did you mean `dropout`?',
    '4:27 did you mean `horizontalFlip`?',
    '5:19 did you mean `last`?',
  ],
];

test.each(mistakes)('%s', async (_title, yaml, ...shown) => {
  const { json } = await problemsIn({ 'sweep.yaml': `name: newcomer\n${yaml}` });
  expect(json.map(({ line, column, notes, message }) => `${line}:${column} ${notes[0] ?? message}`)).toEqual(
    shown,
  );
});

test.each([
  ['name = a', '1:1 write a colon and a space between a field and its value: `name: a`'],
  ['- name: a', '1:1 write the fields of a mapping without `- `'],
  [
    '{"name": "a" "seeds": [1]}',
    '1:14 this does not belong here: a `,` or the end of a line may be missing before it',
  ],
])('a file of %j', async (yaml, shown) => {
  const { json } = await problemsIn({ 'sweep.yaml': yaml });
  expect(json.map(({ line, column, notes }) => `${line}:${column} ${notes[0]}`)).toEqual([shown]);
});

test('a name that is a number', async () => {
  const { json } = await problemsIn({ 'sweep.yaml': 'name: 007' });
  expect(json.map(({ notes }) => notes)).toEqual([
    ['write text that looks like a number or a boolean in quotes: "007"'],
  ]);
});

test.each(['true', 'True', 'TRUE', 'false', 'False', 'FALSE'])(
  '%s is a boolean in YAML 1.2',
  async (value) => {
    const { text } = await problemsIn({ 'sweep.yaml': `name: a\nparams: { testTimeFlip: ${value} }` });
    expect(text).toBe('');
  },
);
