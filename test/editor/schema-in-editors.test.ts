/** What a user of an editor sees of the schema: with the real yaml-language-server, on the files that ship. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LanguageClient, type Position } from './language-client.js';

const experiments = fileURLToPath(new URL('../../experiments/', import.meta.url));
const files = readdirSync(experiments);
const written = `# yaml-language-server: $schema=../schema/experiment.schema.json
name: in-an-editor
params:
  alpha: 0.25
  weights: none
  resolution: 28
  epochs: 3
  batchSize: 32
augmentations:
  none: []
  flip: [{ horizontalFlip: { probability: 0.5 } }]
matrix:
  augmentation: [none, flip]
seeds: [2017, 2018, 2019]
data: { trainSubset: 8000, validation: { holdout: 2000 } }
`;

let client: LanguageClient;
beforeAll(async () => void (client = await LanguageClient.start()));
afterAll(() => client.stop());

/** Beside the files that ship, so that the first line leads to the schema. */
const uriOf = (name: string) => pathToFileURL(`${experiments}${name}`).href;

/** The place `offset` characters into the first `text`. */
function find(document: string, text: string, offset = 1): Position {
  const before = document.slice(0, document.indexOf(text) + offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)!.length };
}

test.each(files)('%s has no diagnostics', async (file) => {
  const text = readFileSync(`${experiments}${file}`, 'utf8');
  expect(text).toMatch(/^# yaml-language-server: \$schema=/);
  expect(await client.open(uriOf(file), text)).toEqual([]);
});

test('a mistyped field is marked where it stands', async () => {
  const text = written.replace('resolution: 28', 'resolutoin: 28');
  const diagnostics = await client.open(uriOf('typo.yaml'), text);
  expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining('resolutoin')]);
  expect(diagnostics[0]!.range.start).toEqual(find(text, 'resolutoin', 0));
});

test('a value out of range is marked', async () => {
  const text = written.replace('alpha: 0.25', 'dropout: 1.5');
  const [diagnostic] = await client.open(uriOf('range.yaml'), text);
  expect(diagnostic!.message).toMatch(/exclusive maximum|less than|1/);
  expect(diagnostic!.range.start).toEqual(find(text, '1.5', 0));
});

test('parameters are completed, and the values of one', async () => {
  const text = written.replace('  epochs: 3\n', '  e\n');
  await client.open(uriOf('complete.yaml'), text);
  const names = await client.complete(uriOf('complete.yaml'), find(text, '  e\n', 3));
  expect(names).toEqual(expect.arrayContaining(['epochs', 'earlyStopping']));
  const values = written.replace('weights: none', 'weights: ');
  await client.open(uriOf('values.yaml'), values);
  const words = await client.complete(uriOf('values.yaml'), find(values, 'weights: ', 9));
  expect(words).toEqual(expect.arrayContaining(['imagenet', 'none']));
});

test('axes are completed, dotted ones too', async () => {
  const text = written.replace('  augmentation: [none, flip]\n', '  o\n');
  await client.open(uriOf('axes.yaml'), text);
  const names = await client.complete(uriOf('axes.yaml'), find(text, '  o\n', 3));
  expect(names).toEqual(expect.arrayContaining(['optimizer', 'optimizer.learningRate']));
});

test('the fields of a running design are completed, and the one value of until', async () => {
  const seeds = 'seeds: [2017, 2018, 2019]\n';
  const fields = written.replace(seeds, 'seeds:\n  m\n');
  await client.open(uriOf('seeds.yaml'), fields);
  const names = await client.complete(uriOf('seeds.yaml'), find(fields, 'seeds:\n  m', 10));
  expect(names).toEqual(expect.arrayContaining(['until', 'min', 'max']));
  const value = written.replace(seeds, 'seeds:\n  until: \n');
  await client.open(uriOf('until.yaml'), value);
  expect(await client.complete(uriOf('until.yaml'), find(value, 'until: ', 7))).toEqual(['decided']);
});

test.each([
  ['misspelt', '{ until: decide }', 'decide }'],
  ['too few', '{ until: decided, min: 3 }', '3 }'],
  ['an unknown field', '{ until: decided, maximum: 40 }', 'maximum'],
])('in seeds, %s is marked, and only that: %s', async (kind, seeds, mistake) => {
  const text = written.replace('[2017, 2018, 2019]', seeds);
  // Of a document opened twice, the server would first publish what it said before.
  const diagnostics = await client.open(uriOf(`seeds-${kind}.yaml`), text);
  expect(diagnostics.map(({ range }) => range.start)).toEqual([find(text, mistake, 0)]);
});

test.each([
  ['batchSize', 'Images in one step of training'],
  ['holdout', 'Training images that are used for validation'],
  ['probability', 'Chance that an image is mirrored'],
  ['matrix', 'Every combination'],
])('hovering over %s explains it', async (field, explanation) => {
  await client.open(uriOf('in-an-editor.yaml'), written);
  expect(await client.hover(uriOf('in-an-editor.yaml'), find(written, `${field}:`))).toContain(explanation);
});
