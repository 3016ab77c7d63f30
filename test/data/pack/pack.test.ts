/** Packs: made once, made again where somebody has cut them, of one size where one size serves. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openOwnDataset } from '../../../src/data/own/open-own-dataset.js';
import type { OwnEntry } from '../../../src/data/own/own-entry.js';
import { openPack } from '../../../src/data/pack/open-pack.js';
import { ensurePack, hasPack, packDirectory, packFor } from '../../../src/data/pack/pack.js';
import { cacheDirectory } from '../../../src/system/cache-directory.js';
import { drawClasses, entryOf, writeImages } from '../own/image-folder.js';

const options = { side: 12, fit: 'crop' } as const;

/** Nine images in files to train on, and three to test. */
const inFiles = async () =>
  entryOf(
    writeImages({
      ...(await drawClasses({ a: 5, b: 4 }, 'train/')),
      ...(await drawClasses({ a: 2, b: 1 }, 'test/')),
    }),
  );

/** As many in IDX files, which are packed without a process of their own. */
function inIdx() {
  const idx = (shape: readonly number[], valueAt: (at: number) => number) => {
    const header = [0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, 0, size])];
    const values = Array.from({ length: shape.reduce((a, b) => a * b) }, (_, at) => valueAt(at));
    return Buffer.from([...header, ...values]);
  };
  const folder = writeImages({
    images: idx([9, 12, 12], (at) => (at * 31) % 251),
    labels: idx([9], (at) => at % 2),
    testImages: idx([3, 12, 12], (at) => (at * 37) % 251),
    testLabels: idx([3], (at) => at % 2),
  });
  const files = {
    trainImages: 'images',
    trainLabels: 'labels',
    testImages: 'testImages',
    testLabels: 'testLabels',
  };
  return entryOf(folder, { kind: 'idx', files });
}

/** A data set, and how it is packed. */
async function packing(entry: OwnEntry) {
  const dataset = await openOwnDataset(entry, () => {});
  const decoded: number[] = [];
  const make = () =>
    ensurePack(
      dataset,
      options,
      (done) => void decoded.push(done),
      () => {},
    );
  return { dataset, make, decoded, directory: packDirectory(dataset.sha256, options) };
}

const contentOf = (directory: string) =>
  readdirSync(directory)
    .sort()
    .map((name) => [name, readFileSync(join(directory, name)).toString('hex')]);

test('is made once, and taken afterwards: its folder then tells when it was last used', async () => {
  const { dataset, make, decoded, directory } = await packing(await inFiles());
  expect(hasPack(dataset, options)).toBe(false);
  expect(await make()).toBe(directory);
  expect(hasPack(dataset, options)).toBe(true);
  expect(decoded.at(-1)).toBe(12);
  const count = decoded.length;
  const { ino, mtimeMs } = statSync(directory);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await make();
  expect(decoded).toHaveLength(count);
  expect(statSync(directory).ino).toBe(ino);
  expect(statSync(directory).mtimeMs).toBeGreaterThan(mtimeMs);
  const { images, facts } = await openPack(directory);
  expect([images.train.labels.length, images.val, images.test!.labels.length]).toEqual([9, null, 3]);
  expect(facts).toMatchObject({ shape: [12, 12, 3], classes: ['a', 'b'] });
});

describe('is made again, to the same bytes, and nothing of the damaged one stays', () => {
  test.each<[string, (directory: string) => void]>([
    ['images cut by a byte', (at) => truncateSync(join(at, 'train.images'), 9 * 144 - 1)],
    ['images of another part cut', (at) => truncateSync(join(at, 'test.images'), 0)],
    ['images longer than they were', (at) => writeFileSync(join(at, 'train.images'), 'x', { flag: 'a' })],
    ['labels cut', (at) => truncateSync(join(at, 'test.labels'), 5)],
    ['a file gone', (at) => unlinkSync(join(at, 'train.labels'))],
    ['meta.json cut', (at) => truncateSync(join(at, 'meta.json'), 40)],
    ['meta.json that says nothing', (at) => writeFileSync(join(at, 'meta.json'), '{}')],
    ['an empty folder', (at) => readdirSync(at).forEach((name) => unlinkSync(join(at, name)))],
    [
      'a file in its place',
      (at) => {
        rmSync(at, { recursive: true });
        writeFileSync(at, '');
      },
    ],
  ])('%s', async (_title, damage) => {
    const { dataset, make, directory } = await packing(inIdx());
    await make();
    const before = contentOf(directory);
    damage(directory);
    expect(hasPack(dataset, options)).toBe(false);
    await make();
    expect(contentOf(directory)).toEqual(before);
    expect(readdirSync(dirname(directory))).toHaveLength(1);
    expect(readdirSync(cacheDirectory())).toEqual(['data']);
  });
});

test('fails, and is not there, where the cache cannot be written', async () => {
  const { make, directory } = await packing(inIdx());
  mkdirSync(cacheDirectory(), { recursive: true });
  writeFileSync(join(cacheDirectory(), 'data'), 'a file in the place of the folder `data`');
  await expect(make()).rejects.toMatchObject({
    exitCode: 2,
    problems: [{ reason: 'cache-unusable', path: cacheDirectory() }],
  });
  expect(existsSync(directory)).toBe(false);
  expect(readdirSync(cacheDirectory())).toEqual(['data']);
});

test.each([
  [{ side: 28 }, 96, 'pad', { side: 28, fit: 'crop' }], // small squares serve every resolution
  [{ side: 64 }, 32, 'pad', { side: 64, fit: 'crop' }],
  [{ side: 65 }, 32, 'pad', { side: 32, fit: 'crop' }], // squares are not fitted
  [{ side: 65 }, 96, 'pad', { side: 65, fit: 'crop' }], // nothing is gained by enlarging
  [{ side: null }, 32, 'pad', { side: 32, fit: 'pad' }],
] as const)('a data set with %o at %i pixels, %s: %o', (dataset, resolution, fit, expected) => {
  expect(packFor(dataset, resolution, fit)).toEqual(expected);
});
