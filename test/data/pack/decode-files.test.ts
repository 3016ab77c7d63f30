/** Decoding in processes of their own: rows, sums, damaged images, and how it ends. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { OwnImage } from '../../../src/data/own/own-dataset.js';
import { decodeFiles } from '../../../src/data/pack/decode-files.js';
import { decodeImage } from '../../../src/data/pack/decode-image.js';
import { rowBytesOf } from '../../../src/data/pack/open-pack.js';
import { PixelSums } from '../../../src/data/pack/pixel-sums.js';
import { drawImage, writeImages } from '../own/image-folder.js';

const side = 5;
const rowBytes = rowBytesOf(side, 3);
const target = { side, fit: 'stretch', background: 0, channels: 3 } as const;

/** Images in files, and the file that they are decoded into. */
function filesOf(contents: readonly Buffer[]) {
  const folder = writeImages(Object.fromEntries(contents.map((content, index) => [`${index}.png`, content])));
  const images = contents.map((content, index): OwnImage => ({
    label: 0,
    sha256: createHash('sha256').update(content).digest('hex'),
    group: null,
    name: `${index}.png`,
    width: 12,
    height: 12,
    from: { file: join(folder, `${index}.png`), traits: '' },
  }));
  const output = join(folder, 'train.images');
  writeFileSync(output, Buffer.alloc(images.length * rowBytes));
  return { images, output, folder };
}

interface Options {
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

const decode = (
  { images, output, folder }: ReturnType<typeof filesOf>,
  { onProgress = () => {}, signal }: Options = {},
) => decodeFiles({ images, target, output, rowBytes, title: 'flowers', folder, onProgress, signal });

/** Of this process. */
const childProcesses = () =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);

test('each image is in its row, damaged ones are told, and the sums are of all others', async () => {
  const contents = await Promise.all(Array.from({ length: 150 }, (_, index) => drawImage(index, index)));
  for (const place of [3, 77]) contents[place] = contents[place]!.subarray(0, 60);
  const files = filesOf(contents);
  const told: number[] = [];
  const { bad, sums } = await decode(files, { onProgress: (done) => void told.push(done) });
  expect(bad.map(([{ name }, why]) => `${name}: ${why}`).sort()).toEqual([
    '3.png: cut short: its end is missing',
    '77.png: cut short: its end is missing',
  ]);
  expect(told.at(-1)).toBe(150);
  const rows = readFileSync(files.output);
  const expected = new PixelSums(3);
  for (const [index, content] of contents.entries()) {
    const row = rows.subarray(index * rowBytes, index * rowBytes + side * side * 3);
    if (index === 3 || index === 77) {
      expect(row.every((value) => value === 0)).toBe(true);
      continue;
    }
    const pixels = await decodeImage(content, { width: 12, height: 12, traits: '' }, target);
    expect(Buffer.compare(row, pixels)).toBe(0);
    expected.add(pixels);
  }
  expect([sums.sums, sums.squares]).toEqual([expected.sums, expected.squares]);
  expect(childProcesses()).toEqual([]);
});

/** Twenty batches of one image. */
const manyFiles = async () => {
  const content = await drawImage(1, 0);
  return filesOf(Array.from({ length: 64 * 20 }, () => content));
};

/** It goes no further, and nobody is left who would. */
async function expectEnd(told: readonly number[]): Promise<void> {
  const before = told.length;
  expect(childProcesses()).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(told).toHaveLength(before);
  expect(before).toBeLessThan(20);
}

test.each(['another', 'none'])(
  'a file that is %s by now ends it, and nothing goes on behind it',
  async (now) => {
    const files = await manyFiles();
    if (now === 'another') writeFileSync(join(files.folder, '5.png'), await drawImage(2, 0));
    else
      files.images[5] = { ...files.images[5]!, from: { file: join(files.folder, 'gone.png'), traits: '' } };
    const told: number[] = [];
    await expect(decode(files, { onProgress: (done) => void told.push(done) })).rejects.toMatchObject({
      problems: [{ reason: 'data-changed', path: '5.png', folder: files.folder }],
    });
    await expectEnd(told);
  },
);

test('a full disk is the disk’s error, no image’s, and nothing goes on behind it', async () => {
  const files = await manyFiles();
  const told: number[] = [];
  // The system's file that is always full.
  const full = { ...files, output: '/dev/full' };
  await expect(decode(full, { onProgress: (done) => void told.push(done) })).rejects.toMatchObject({
    code: 'ENOSPC',
    message: 'ENOSPC: no space left on device, write',
  });
  await expectEnd(told);
  expect(told).toEqual([]);
});

test('a signal ends it at once, before and in the middle', async () => {
  const files = await manyFiles();
  const told: number[] = [];
  const interruption = new AbortController();
  const onProgress = (done: number) => {
    told.push(done);
    interruption.abort(new Error('enough'));
  };
  await expect(decode(files, { onProgress, signal: interruption.signal })).rejects.toThrow('enough');
  await expectEnd(told);
  const begun = told.length;
  await expect(decode(files, { onProgress, signal: interruption.signal })).rejects.toThrow('enough');
  expect(told).toHaveLength(begun);
});
