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

test.each([
  ['batchSize', 'Images in one step of training'],
  ['holdout', 'Images at the end of the training set'],
  ['probability', 'Chance that an image is mirrored'],
  ['matrix', 'Every combination'],
])('hovering over %s explains it', async (field, explanation) => {
  await client.open(uriOf('in-an-editor.yaml'), written);
  expect(await client.hover(uriOf('in-an-editor.yaml'), find(written, `${field}:`))).toContain(explanation);
});
