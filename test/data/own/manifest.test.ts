/** What is known of files: read once, and again whenever they may be others. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openOwnDataset } from '../../../src/data/own/open-own-dataset.js';
import type { OwnEntry } from '../../../src/data/own/own-entry.js';
import { ensurePack } from '../../../src/data/pack/pack.js';
import { cacheDirectory } from '../../../src/system/cache-directory.js';
import { drawClasses, drawImage, entryOf, writeImages } from './image-folder.js';

/** Six images that have not changed for so long that their times tell it. */
async function settledImages(): Promise<string> {
  const files = await drawClasses({ a: 3, b: 3 });
  const folder = writeImages(files);
  const past = Date.now() / 1000 - 100;
  for (const name of Object.keys(files)) utimesSync(join(folder, name), past, past);
  await settle();
  return folder;
}

/** Their status has just changed, and no program can set that back: its clock may tick once in two seconds. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 2100));

/** The data set, and how many files were read for it. */
async function open(folder: string, changes: Partial<OwnEntry> = {}) {
  let read = 0;
  const dataset = await openOwnDataset(entryOf(folder, changes), (done) => void (read = done));
  return { dataset, sha256: dataset.sha256, read };
}

const manifests = () => join(cacheDirectory(), 'data/manifests');

test('a file is read again when it was touched, replaced, put in the place of another or renamed', async () => {
  const folder = await settledImages();
  const at = (name: string) => join(folder, name);
  const first = await open(folder);
  expect(first.read).toBe(6);
  expect((await open(folder)).read).toBe(0);

  const later = Date.now() / 1000 - 50;
  utimesSync(at('a/0.png'), later, later);
  expect(await open(folder)).toMatchObject({ read: 1, sha256: first.sha256 });

  // In place, with its size and times as they were.
  const { size, atimeMs, mtimeMs } = statSync(at('a/1.png'));
  const content = readFileSync(at('a/1.png'));
  content[size - 1]! ^= 1;
  writeFileSync(at('a/1.png'), content);
  utimesSync(at('a/1.png'), atimeMs / 1000, mtimeMs / 1000);
  const changed = await open(folder);
  expect(changed.sha256).not.toBe(first.sha256);

  // By another file that is moved there, with that one's times.
  content[size - 1]! ^= 1;
  writeFileSync(at('a/new.tmp'), content);
  utimesSync(at('a/new.tmp'), atimeMs / 1000, mtimeMs / 1000);
  renameSync(at('a/new.tmp'), at('a/1.png'));
  expect((await open(folder)).sha256).toBe(first.sha256);

  // Two files change places: sizes may be equal, inodes are not.
  renameSync(at('a/2.png'), at('b/2.tmp'));
  renameSync(at('b/2.png'), at('a/2.png'));
  renameSync(at('b/2.tmp'), at('b/2.png'));
  expect((await open(folder)).sha256).not.toBe(first.sha256);

  await settle();
  await open(folder);
  const settled = await open(folder);
  expect(settled.read).toBe(0);
  renameSync(at('a/0.png'), at('a/renamed.png'));
  expect(await open(folder)).toMatchObject({ read: 1, sha256: settled.sha256 });
});

describe('a manifest that is damaged is not believed: all is read, and it is written anew', () => {
  test.each<[string, (path: string) => void]>([
    ['cut', (path) => truncateSync(path, 200)],
    ['empty', (path) => truncateSync(path, 0)],
    ['of zeros', (path) => writeFileSync(path, Buffer.alloc(1000))],
    ['another JSON value', (path) => writeFileSync(path, '[1]')],
    ['null', (path) => writeFileSync(path, 'null')],
    ['of another version', (path) => writeFileSync(path, '{"version":1,"rows":[]}')],
    ['with rows that are none', (path) => writeFileSync(path, '{"version":2,"rows":[null,7,["a/0.png"]]}')],
    [
      'a folder',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
  ])('%s', async (title, damage) => {
    const folder = writeImages(await drawClasses({ a: 2, b: 2 }));
    const before = await open(folder);
    const [name] = readdirSync(manifests());
    const path = join(manifests(), name!);
    const whole = readFileSync(path, 'utf8');
    damage(path);
    expect(await open(folder)).toMatchObject({ read: 4, sha256: before.sha256 });
    if (title !== 'a folder') expect(readFileSync(path, 'utf8')).toBe(whole);
    expect(readdirSync(manifests())).toEqual([name]); // and no temporary file
  });
});

test('a cache that cannot be written costs time, no more', async () => {
  const folder = writeImages(await drawClasses({ a: 2, b: 2 }));
  const usual = await open(folder);
  const cache = process.env['XDG_CACHE_HOME'];
  process.env['XDG_CACHE_HOME'] = '/sys/runner-cache'; // not even root can make a folder there
  expect(await open(folder)).toMatchObject({ read: 4, sha256: usual.sha256 });
  expect(existsSync('/sys/runner-cache')).toBe(false);
  process.env['XDG_CACHE_HOME'] = cache;
});

test('two entries that take other classes of one folder leave each other’s manifest alone', async () => {
  const folder = writeImages(await drawClasses({ a: 2, b: 2, c: 2 }));
  for (const name of ['a', 'b', 'c'])
    for (const file of readdirSync(join(folder, name)))
      utimesSync(join(folder, name, file), Date.now() / 1000 - 100, Date.now() / 1000 - 100);
  await settle();
  const reads = async () => [
    (await open(folder)).read,
    (await open(folder, { classes: ['a', 'b'] })).read,
    (await open(folder, { classes: ['c', 'b'] })).read,
  ];
  expect(await reads()).toEqual([6, 4, 4]);
  expect(await reads()).toEqual([0, 0, 0]);
});

test('what decoding has found of a file is kept while its content is the same', async () => {
  const files = await drawClasses({ a: 4, b: 3 });
  files['a/0.png'] = files['a/0.png']!.subarray(0, files['a/0.png']!.length - 60); // its header is right
  const folder = writeImages(files);
  const skips = { skipsBadImages: true };
  const { dataset } = await open(folder, skips);
  expect([dataset.isVerified, dataset.train.count]).toEqual([false, 7]);
  const pack = ensurePack(
    dataset,
    { side: 12, fit: 'crop' },
    () => {},
    () => {},
  );
  await expect(pack).rejects.toMatchObject({ problems: [{ reason: 'bad-images' }] });
  const later = Date.now() / 1000 - 50;
  utimesSync(join(folder, 'a/0.png'), later, later);
  const known = (await open(folder, skips)).dataset;
  expect([known.isVerified, known.train.count]).toEqual([true, 6]);
  expect(known.skipped).toEqual(['`a/0.png`: cut short: its end is missing']);
  writeFileSync(join(folder, 'a/0.png'), await drawImage(0, 0));
  const mended = (await open(folder, skips)).dataset;
  expect([mended.isVerified, mended.train.count]).toEqual([false, 7]);
});
