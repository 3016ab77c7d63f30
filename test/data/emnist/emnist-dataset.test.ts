/** A small EMNIST of the published layout: gzipped IDX files in a folder of a zip, which Python wrote. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.js';
import { emnistDataset, type EmnistDatasetOptions } from '../../../src/data/emnist/emnist-dataset.js';
import { describeProblem } from '../../../src/diagnostics/problem.js';
import { RunnerError } from '../../../src/diagnostics/runner-error.js';
import { serveFiles } from '../file-server.js';

const onProgress = () => {};
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-emnist-'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const idx = (sizes: readonly number[], values: ArrayLike<number>) =>
  Buffer.from([0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, 0, size]), ...Array.from(values)]);

/** Images whose published rows are columns: a pixel tells where it belongs upright. */
const published = (images: number) =>
  Array.from({ length: images * 784 }, (_, at) => {
    const [image, line, column] = [Math.floor(at / 784), Math.floor((at % 784) / 28), at % 28];
    return (8 * image + 28 * column + line) % 256; // upright: row `column`, column `line`
  });

interface Contents {
  readonly train: { readonly images: Buffer; readonly labels: Buffer };
  readonly test: { readonly images: Buffer; readonly labels: Buffer };
}

const right = (): Contents => ({
  train: { images: idx([3, 28, 28], published(3)), labels: idx([3], [1, 26, 2]) },
  test: { images: idx([2, 28, 28], published(2)), labels: idx([2], [26, 1]) },
});

const options: Omit<EmnistDatasetOptions, 'archive'> = {
  name: 'emnist-small',
  title: 'Small EMNIST',
  part: 'small',
  train: { count: 3 },
  test: { count: 2 },
  classes: [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  firstLabel: 1,
  upstream: [],
};

/** Writes `gzip.zip` into the folder. */
async function publish({ train, test: tests }: Contents, method = 'ZIP_DEFLATED'): Promise<Dataset> {
  await mkdir(join(folder, 'gzip'), { recursive: true });
  for (const [split, part] of [
    ['train', train],
    ['test', tests],
  ] as const)
    for (const [kind, content] of [
      ['images-idx3', part.images],
      ['labels-idx1', part.labels],
    ] as const)
      await writeFile(join(folder, `gzip/emnist-small-${split}-${kind}-ubyte.gz`), gzipSync(content));
  const script = `
import os, zipfile
with zipfile.ZipFile('gzip.zip', 'w', zipfile.${method}) as archive:
    for name in sorted(os.listdir('gzip')):
        archive.write('gzip/' + name)`;
  await promisify(execFile)('python3', ['-c', script], { cwd: folder });
  const bytes = await readFile(join(folder, 'gzip.zip'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return emnistDataset({
    ...options,
    archive: { name: 'gzip.zip', bytes: bytes.length, sha256, of: 'file' },
  });
}

async function textOf(action: () => Promise<unknown>): Promise<string> {
  const error: unknown = await action().catch((thrown: unknown) => thrown);
  if (!(error instanceof RunnerError)) throw error;
  return error.problems.map(describeProblem).join('\n').replaceAll(folder, 'FOLDER');
}

test.each(['ZIP_DEFLATED', 'ZIP_STORED'])(
  'is read from the archive, upright, labels from 0: %s',
  async (method) => {
    const dataset = await publish(right(), method);
    vi.stubEnv('EMNIST_DIR', folder);
    expect(dataset.peek()).toEqual({ directory: folder, source: 'EMNIST_DIR' });
    await dataset.verify(folder);
    const { train, test: tests } = await dataset.load(folder);
    expect([...train.labels]).toEqual([0, 25, 1]);
    expect([...tests.labels]).toEqual([25, 0]);
    const upright = (images: number) =>
      Uint8Array.from({ length: images * 784 }, (_, at) => (8 * Math.floor(at / 784) + (at % 784)) % 256);
    expect(Buffer.compare(train.images, upright(3))).toBe(0);
    expect(Buffer.compare(tests.images, upright(2))).toBe(0);
  },
);

test('all parts share one archive, and have ids of their own', async () => {
  const archive = { name: 'gzip.zip', bytes: 1, sha256: 'ab', of: 'file' } as const;
  const [letters, digits] = ['letters', 'digits'].map((part) =>
    emnistDataset({ ...options, name: `emnist-${part}`, part, archive }),
  );
  expect(letters!.sha256).not.toBe(digits!.sha256);
  const server = await serveFiles(new Map());
  onTestFinished(() => server.close());
  const dataset = await publish(right());
  const content = await readFile(join(folder, 'gzip.zip'));
  server.files.set('gzip.zip', content);
  const found = await emnistDataset({
    ...options,
    archive: {
      ...archive,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    },
    upstream: [server.address],
  }).find({ onProgress });
  expect(found.directory).toBe(join(folder, 'cache/classifier-sweep-runner/emnist'));
  expect(digits!.peek()).toEqual({ directory: found.directory, source: 'cache' });
  expect(await dataset.load(found.directory)).toEqual(await dataset.load(folder));
});

test('found nowhere: says which file, how large, with which hash, and where to put it', async () => {
  const dataset = await publish(right());
  const text = await textOf(() => dataset.find({ onProgress }));
  expect(text.replace(/\d+ bytes, SHA-256 [0-9a-f]{64}/, 'BYTES AND HASH'))
    .toBe(`error[data-not-found]: Small EMNIST was not found and could not be downloaded
  = tried: FOLDER/cache/classifier-sweep-runner/emnist: not there
  = file: \`gzip.zip\`, BYTES AND HASH
  = next: download its archive elsewhere, into \`FOLDER/cache/classifier-sweep-runner/emnist\` or a folder that EMNIST_DIR or \`--data-dir\` names`);
});

test.each<[string, (contents: Contents) => Contents, string]>([
  [
    'a label below the first',
    (contents) => ({ ...contents, train: { ...contents.train, labels: idx([3], [1, 0, 2]) } }),
    'the label of image 1 (the first is 0) is 0, expected 1 to 26',
  ],
  [
    'a label above the last',
    (contents) => ({ ...contents, test: { ...contents.test, labels: idx([2], [26, 27]) } }),
    'the label of image 1 (the first is 0) is 27, expected 1 to 26',
  ],
  [
    'another number of images',
    (contents) => ({ ...contents, test: { ...contents.test, images: idx([1, 28, 28], published(1)) } }),
    'it holds 1×28×28 values, expected 2×28×28',
  ],
  [
    'images of another size',
    (contents) => ({ ...contents, test: { ...contents.test, images: idx([2, 28, 14], published(1)) } }),
    'it holds 2×28×14 values, expected 2×28×28',
  ],
  [
    'a file cut short',
    (contents) => ({
      ...contents,
      train: { ...contents.train, images: contents.train.images.subarray(0, -1) },
    }),
    'it is cut short: it has 2367 bytes, 3×28×28 needs 2368',
  ],
  [
    'a file that unpacks to more',
    (contents) => ({ ...contents, train: { ...contents.train, images: Buffer.alloc(10_000_000) } }),
    'gzip/emnist-small-train-images-idx3-ubyte.gz unpacks to more than 2368 bytes',
  ],
])('%s is refused', async (_title, change, because) => {
  const dataset = await publish(change(right()));
  expect(await textOf(() => dataset.load(folder))).toContain(`because: ${because}`);
});

test('an archive that is another, no zip, or lacks the part, is refused', async () => {
  const dataset = await publish(right());
  const path = join(folder, 'gzip.zip');
  const content = await readFile(path);
  const other = emnistDataset({
    ...options,
    part: 'other',
    archive: { name: 'gzip.zip', bytes: 1, sha256: '', of: 'file' },
  });
  expect(await textOf(() => other.load(folder))).toContain(
    'because: it holds no gzip/emnist-other-train-images-idx3-ubyte.gz',
  );
  content[content.length - 30]! ^= 1;
  await writeFile(path, content);
  expect(await textOf(() => dataset.verify(folder))).toContain('because: it has the SHA-256');
  await writeFile(path, '<html>');
  expect(await textOf(() => dataset.load(folder))).toContain('to be a zip archive');
  expect(await textOf(() => dataset.verify(folder))).toContain('because: it has 6 bytes, expected');
});
