import { expect, test } from 'vitest';
import { misreadingOf } from '../../src/spec/misread-name.js';
import { planOf, problemsIn } from './experiment-folder.js';

test.each([
  ['NA', 'missing value'],
  ['NULL', 'missing value'],
  ['null', 'missing value'],
  ['NaN', 'missing value'],
  ['nan', 'missing value'],
  ['None', 'missing value'],
  ['n/a', 'missing value'],
  ['<NA>', 'missing value'],
  ['true', 'truth value'],
  ['False', 'truth value'],
  ['007', 'number'],
  ['1e5', 'number'],
  ['0x1F', 'number'],
  ['12345678901234567890', 'number'],
  ['inf', 'number'],
  ['Infinity', 'number'],
  ['none', null],
  ['na', null],
  ['8', null],
  ['8px', null],
  ['1-2', null],
  ['null-mask', null],
  ['nano', null],
])('%s is read as %s', (name, misreading) => {
  expect(misreadingOf(name)).toBe(misreading);
});

test('names of sets and of variants are refused, wherever they are defined; names of zip groups are no values', async () => {
  const define = async (text: string) => (await problemsIn({ 'sweep.yaml': `name: names\n${text}` })).reasons;
  expect(await define('augmentations: { "NA": [{ horizontalFlip: {} }] }')).toEqual(['misread-name']);
  expect(await define('variants: { nan: { alpha: 1 }, b: { alpha: 0.5 } }')).toEqual(['misread-name']);
  const { cells } = await planOf('name: names\nzip: { nan: { alpha: [1, 0.5], epochs: [2, 3] } }');
  expect(cells).toHaveLength(2);
});
