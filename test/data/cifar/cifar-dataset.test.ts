/** A small CIFAR of the published layout: from its archive, written by tar, and from the files in it. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { cifarDataset, type CifarDatasetOptions } from '../../../src/data/cifar/cifar-dataset.js';
import type { Dataset } from '../../../src/data/dataset.js';
import { describeProblem } from '../../../src/diagnostics/problem.js';
import { RunnerError } from '../../../src/diagnostics/runner-error.js';
import { serveFiles } from '../file-server.js';

const perFile = 3;
const names = { train: ['data_batch_1.bin', 'data_batch_2.bin'], test: ['test_batch.bin'] };
const all = [...names.train, ...names.test];
const onProgress = () => {};
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let unpacked: string;
let archive: Buffer;
let options: CifarDatasetOptions;
let dataset: Dataset;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-cifar-'));
  unpacked = join(folder, 'cifar-10-batches-bin');
  await mkdir(unpacked);
  const contents = new Map(
    all.map((name, file) => [
      name,
      Buffer.from(
        Array.from({ length: perFile * 3073 }, (_, at) =>
          at % 3073 === 0 ? (file * perFile + at / 3073) % 10 : (at * 7 + file * 13) % 256,
        ),
      ),
    ]),
  );
  for (const [name, content] of contents) await writeFile(join(unpacked, name), content);
  await writeFile(join(unpacked, 'batches.meta.txt'), 'airplane\n');
  const path = join(folder, 'small.tar.gz');
  await promisify(execFile)('tar', ['-czf', path, '-C', folder, 'cifar-10-batches-bin']);
  archive = await readFile(path);
  const fileOf = (name: string) => ({ name, images: perFile, sha256: sha256(contents.get(name)!) });
  options = {
    name: 'small-cifar',
    title: 'Small CIFAR',
    classes: [...'abcdefghij'],
    labelBytes: 1,
    trainFiles: names.train.map(fileOf),
    testFiles: names.test.map(fileOf),
    archive: { name: 'small.tar.gz', bytes: archive.length, sha256: sha256(archive), of: 'file' },
    upstream: [],
  };
  dataset = cifarDataset(options);
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function textOf(action: () => Promise<unknown>): Promise<string> {
  const error: unknown = await action().catch((thrown: unknown) => thrown);
  if (!(error instanceof RunnerError)) throw error;
  return error.problems.map(describeProblem).join('\n').replaceAll(folder, 'FOLDER');
}

test('its facts follow from its files', () => {
  expect(dataset).toMatchObject({ train: { count: 6 }, test: { count: 3 }, shape: [32, 32, 3] });
  expect(dataset.directoryVariable).toBe('SMALL_CIFAR_DIR');
});

test('the archive and the unpacked files hold the same', async () => {
  const packed = join(folder, 'packed');
  await mkdir(packed);
  await copyFile(join(folder, 'small.tar.gz'), join(packed, 'small.tar.gz'));
  for (const directory of [packed, unpacked]) {
    expect(dataset.peek(directory)).toEqual({ directory, source: '--data-dir' });
    await dataset.verify(directory);
  }
  const read = await dataset.load(packed);
  expect(await dataset.load(unpacked)).toEqual(read);
  expect([...read.train.labels]).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...read.test.labels]).toEqual([6, 7, 8]);
  // The first pixel of the fourth image, which is the first of the second file.
  const first = 3 * 32 * 32 * 3;
  expect([...read.train.images.subarray(first, first + 3)]).toEqual(
    [1, 1 + 1024, 1 + 2048].map((at) => (at * 7 + 13) % 256),
  );
});

test('is fetched as the archive and kept as its files', async () => {
  const server = await serveFiles(new Map([['small.tar.gz', archive]]));
  onTestFinished(() => server.close());
  const found = await cifarDataset({ ...options, upstream: [server.address] }).find({ onProgress });
  expect(found.source).toBe('upstream');
  expect((await readdir(found.directory)).sort()).toEqual(all);
  await dataset.verify(found.directory);
  expect(await dataset.load(found.directory)).toEqual(await dataset.load(unpacked));
});

test('found nowhere: says which file, how large, with which hash, and where to put it', async () => {
  const server = await serveFiles(new Map([['small.tar.gz', archive.subarray(0, -1)]]));
  onTestFinished(() => server.close());
  const gone = 'http://127.0.0.1:1';
  const away = cifarDataset({ ...options, upstream: [gone, server.address] });
  const text = (await textOf(() => away.find({ onProgress }))).replaceAll(server.host, 'HOST');
  expect(text).toBe(`error[data-not-found]: Small CIFAR was not found and could not be downloaded
  = tried: FOLDER/cache/classifier-sweep-runner/small-cifar: not there
  = tried: http://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1
  = tried: http://HOST: it has ${archive.length - 1} bytes, expected ${archive.length}
  = file: \`small.tar.gz\`, ${archive.length} bytes, SHA-256 ${sha256(archive)}
  = next: download its archive elsewhere, into \`FOLDER/cache/classifier-sweep-runner/small-cifar\` or a folder that SMALL_CIFAR_DIR or \`--data-dir\` names`);
  expect(away.peek()).toBeNull();
});

test('a folder that lacks all names the archive; one that lacks some names them', async () => {
  const empty = join(folder, 'empty');
  await mkdir(empty);
  const missingFrom = (directory: string) => textOf(() => dataset.find({ dataDir: directory, onProgress }));
  expect(await missingFrom(empty)).toContain('missing: small.tar.gz\n');
  await rm(join(unpacked, 'data_batch_2.bin'));
  expect(await missingFrom(unpacked)).toContain('missing: data_batch_2.bin\n');
});

test('a pixel that changed is found, in a file and in the archive', async () => {
  const path = join(unpacked, 'test_batch.bin');
  const content = await readFile(path);
  content[100]! ^= 1;
  await writeFile(path, content);
  expect(await textOf(() => dataset.verify(unpacked))).toMatch(
    /`FOLDER\/cifar-10-batches-bin\/test_batch.bin` is not a file of Small CIFAR\n.*it has the SHA-256 [0-9a-f]{64}, not /,
  );
  const packed = join(folder, 'packed');
  await mkdir(packed);
  archive[archive.length - 1]! ^= 1;
  await writeFile(join(packed, 'small.tar.gz'), archive);
  expect(await textOf(() => dataset.verify(packed))).toContain('it has the SHA-256');
});

test('damage that a look at the files shows is told when they are read', async () => {
  const path = join(unpacked, 'test_batch.bin');
  const content = await readFile(path);
  await truncate(path, 2 ** 40); // takes no room on the disk
  expect(await textOf(() => dataset.load(unpacked))).toContain(
    'because: it has 1099511627776 bytes, expected 9219',
  );
  content[3073] = 10;
  await writeFile(path, content);
  expect(await textOf(() => dataset.load(unpacked))).toContain(
    'because: the label of image 1 (the first is 0) is 10, expected 0 to 9',
  );
  const packed = join(folder, 'packed');
  await mkdir(packed);
  await writeFile(join(packed, 'small.tar.gz'), archive.subarray(0, 200));
  expect(await textOf(() => dataset.load(packed))).toContain('because: unexpected end of file');
  await promisify(execFile)('tar', [
    ...['-czf', join(packed, 'small.tar.gz'), '-C', folder],
    'cifar-10-batches-bin/test_batch.bin',
  ]);
  expect(await textOf(() => dataset.load(packed))).toContain(
    'because: it lacks data_batch_1.bin, data_batch_2.bin',
  );
});
