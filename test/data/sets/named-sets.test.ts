/** The data sets that have a name everywhere. Only Fashion-MNIST was at hand: of the others, what stands in their files. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { datasetNamed, datasets } from '../../../src/data/datasets.js';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'runner-sets-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

// Counts and classes as their publishers state them. The ids are part of every trial's: a change makes all trials new.
const sets: readonly [
  name: string,
  train: number,
  test: number,
  shape: string,
  classes: number,
  first: string,
  last: string,
  id: string,
][] = [
  ['cifar-10', 50_000, 10_000, '32×32×3', 10, 'airplane', 'truck', '9a5bcfec531a52ec'],
  ['cifar-100', 50_000, 10_000, '32×32×3', 100, 'apple', 'worm', '5c838f28314af20e'],
  ['emnist-balanced', 112_800, 18_800, '28×28×1', 47, '0', 't', '1788da35c79ba0b3'],
  ['emnist-byclass', 697_932, 116_323, '28×28×1', 62, '0', 'z', '7fea9021fdd8e08f'],
  ['emnist-bymerge', 697_932, 116_323, '28×28×1', 47, '0', 't', '4b5a61968a4507ba'],
  ['emnist-digits', 240_000, 40_000, '28×28×1', 10, '0', '9', 'e8edc0816be09cbc'],
  ['emnist-letters', 124_800, 20_800, '28×28×1', 26, 'A', 'Z', '714528d7d5f2b11b'],
  ['fashion-mnist', 60_000, 10_000, '28×28×1', 10, 'T-shirt/top', 'Ankle boot', 'd1fd84a877f3b78f'],
  ['kmnist', 60_000, 10_000, '28×28×1', 10, 'o', 'wo', 'd31741c295898b18'],
  ['mnist', 60_000, 10_000, '28×28×1', 10, '0', '9', 'c65580678af93f1e'],
];

test('these are all', () => {
  expect(datasets.map(({ name }) => name)).toEqual(sets.map(([name]) => name));
});

test.each(sets)('%s', (name, train, tests, shape, classes, first, last, id) => {
  const dataset = datasetNamed(name);
  expect([dataset.train.count, dataset.test.count, dataset.shape.join('×')]).toEqual([train, tests, shape]);
  expect([dataset.classes.length, dataset.classes[0], dataset.classes.at(-1)]).toEqual([
    classes,
    first,
    last,
  ]);
  expect(dataset.sha256.slice(0, 16)).toBe(id);
});

test('each is looked for in a folder of its own, but EMNIST’s parts in one', () => {
  const variables = new Map(datasets.map((dataset) => [dataset.name, dataset.directoryVariable]));
  expect([variables.get('cifar-10'), variables.get('kmnist')]).toEqual(['CIFAR_10_DIR', 'KMNIST_DIR']);
  expect(
    new Set(datasets.filter(({ name }) => name.startsWith('emnist-')).map(({ name }) => variables.get(name))),
  ).toEqual(new Set(['EMNIST_DIR']));
  expect(new Set(variables.values()).size).toBe(datasets.length - 4);
});

test.each(datasets.filter(({ name }) => name !== 'fashion-mnist'))('$name is not here', (dataset) => {
  expect(dataset.peek()).toBeNull();
  expect(() => dataset.peek(cache)).toThrow();
});
