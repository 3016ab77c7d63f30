import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunnerError } from '../../../src/diagnostics/runner-error.js';
import {
  findWeights,
  imagenetWeightsFile,
  peekWeights,
} from '../../../src/model/mobilenet-v1/weights-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-weights-'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('KERAS_HOME', join(folder, 'keras'));
  vi.stubEnv('RUNNER_WEIGHTS_DIR', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const hdf5 = Buffer.from('\x89HDF\r\n\x1a\nweights', 'latin1');
const sha256 = createHash('sha256').update(hdf5).digest('hex');
const onProgress = () => expect.unreachable('nothing is to be downloaded');

const put = async (directory: string, fileName: string, content: Uint8Array = hdf5): Promise<string> => {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, fileName), content);
  return join(directory, fileName);
};

test.each([
  [1, 224, 'mobilenet_1_0_224_tf_no_top.h5'],
  [0.75, 192, 'mobilenet_7_5_192_tf_no_top.h5'],
  [0.5, 160, 'mobilenet_5_0_160_tf_no_top.h5'],
  [0.25, 128, 'mobilenet_2_5_128_tf_no_top.h5'],
  [0.25, 56, 'mobilenet_2_5_224_tf_no_top.h5'],
  [1, 28, 'mobilenet_1_0_224_tf_no_top.h5'],
])('alpha %d at %i pixels takes %s', (alpha, resolution, fileName) => {
  const file = imagenetWeightsFile(alpha, resolution);
  expect(file.fileName).toBe(fileName);
  expect(file.url).toBe(`https://storage.googleapis.com/tensorflow/keras-applications/mobilenet/${fileName}`);
});

test('other widths have no weights', () => {
  expect(() => imagenetWeightsFile(0.3, 224)).toThrow(
    'Expected alpha to be one of 1, 0.75, 0.5, 0.25, got 0.3',
  );
});

test('looks in the named folder, then in Keras’ cache, then in ours', async () => {
  const fileName = 'mobilenet_1_0_224_tf_no_top.h5';
  const named = join(folder, 'named');
  await mkdir(named);
  const find = async () =>
    (await findWeights({ weightsDir: named, alpha: 1, resolution: 56, onProgress })).path;
  expect(peekWeights(named, 1, 56)).toBeNull();
  const ours = await put(join(folder, 'cache/classifier-sweep-runner/weights'), fileName);
  expect(await find()).toBe(ours);
  const keras = await put(join(folder, 'keras/models'), fileName);
  expect(await find()).toBe(keras);
  const own = await put(named, fileName);
  expect(await find()).toBe(own);
  expect(peekWeights(named, 1, 56)?.sha256).toBe(sha256);
  vi.stubEnv('RUNNER_WEIGHTS_DIR', named);
  expect(await findWeights({ alpha: 1, resolution: 56, onProgress })).toEqual({ path: own, sha256 });
});

test('a file that changed is hashed again', async () => {
  const fileName = 'mobilenet_5_0_224_tf_no_top.h5';
  await put(folder, fileName);
  expect(peekWeights(folder, 0.5, 56)?.sha256).toBe(sha256);
  await put(folder, fileName, Buffer.concat([hdf5, hdf5]));
  expect(peekWeights(folder, 0.5, 56)?.sha256).not.toBe(sha256);
});

test.each([
  ['an error page', 1, Buffer.from('<html>'), 'it is not an HDF5 file'],
  ['a changed file of known hash', 0.25, hdf5, `its SHA-256 is ${sha256}, not dbdb03ee`],
])('%s is corrupt', async (_title, alpha, content, detail) => {
  await put(folder, imagenetWeightsFile(alpha, 56).fileName, content);
  try {
    peekWeights(folder, alpha, 56);
    expect.unreachable();
  } catch (error) {
    expect((error as RunnerError).problems[0]).toMatchObject({
      reason: 'weights-corrupt',
      detail: expect.stringContaining(detail) as string,
    });
  }
});

test('a pipe in the place of a file is refused without waiting for a writer, and a file of 200 MB unread', async () => {
  const path = join(folder, imagenetWeightsFile(1, 56).fileName);
  const refusal = () => {
    try {
      return peekWeights(folder, 1, 56);
    } catch (error) {
      return (error as RunnerError).problems[0];
    }
  };
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  expect(refusal()).toMatchObject({ reason: 'weights-corrupt', detail: 'it is not a regular file' });
  await rm(path);
  await put(folder, imagenetWeightsFile(1, 56).fileName);
  await truncate(path, 200e6); // without a block on the disk
  expect(refusal()).toMatchObject({
    reason: 'weights-corrupt',
    detail: 'it has 200000000 bytes, more than any file of Keras’ MobileNet',
  });
});

test('a folder that does not exist is an error', async () => {
  const weightsDir = join(folder, 'nowhere');
  const error: unknown = await findWeights({ weightsDir, alpha: 1, resolution: 56, onProgress }).catch(
    (e: unknown) => e,
  );
  const reason = 'bad-weights-dir';
  expect((error as RunnerError).problems).toEqual([
    { kind: 'environment', reason, path: weightsDir, from: '--weights-dir' },
  ]);
});
