import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { channelStatistics } from '../../../src/data/channel-statistics.js';
import fashionMnist from '../../../src/data/sets/fashion-mnist.js';
import type { RunnerError } from '../../../src/diagnostics/runner-error.js';

const onProgress = () => {};
let real: string;
let folder: string;

beforeAll(async () => {
  // Gzipped, as it is published; the cache has it unpacked.
  const { directory } = await fashionMnist.find({ onProgress });
  real = await mkdtemp(join(tmpdir(), 'runner-data-'));
  for (const name of await readdir(directory))
    await writeFile(join(real, `${name}.gz`), gzipSync(await readFile(join(directory, name)), { level: 1 }));
});
afterAll(() => rm(real, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-data-'));
  for (const name of await readdir(real)) await symlink(join(real, name), join(folder, name));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const problemOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  return (error as RunnerError).problems[0];
};

test('the data is what was published: ten classes, 6,000 training and 1,000 test images each', async () => {
  await fashionMnist.verify(real);
  const { train, test: tests } = await fashionMnist.load(real);
  const counts = (labels: Uint8Array) =>
    Array.from({ length: 10 }, (_, label) => labels.filter((other) => other === label).length);
  expect(counts(train.labels)).toEqual(Array(10).fill(6000));
  expect(counts(tests.labels)).toEqual(Array(10).fill(1000));
  expect([train.images.length, tests.images.length]).toEqual([60_000 * 784, 10_000 * 784]);
  expect([...train.labels.subarray(0, 4)]).toEqual([9, 0, 0, 3]); // an ankle boot, two T-shirts, a dress
});

test('its mean and deviation are those of its training images, as the network gets them', async () => {
  const { train } = await fashionMnist.load(real);
  const { mean, deviation } = channelStatistics(train.images, 1);
  expect(mean).toEqual(fashionMnist.mean);
  expect(deviation.map(Math.fround)).toEqual(fashionMnist.deviation!.map(Math.fround)); // 0.35302424451492254 before
});

test('plain files serve as well as gzipped ones', async () => {
  const name = 't10k-labels-idx1-ubyte';
  const compressed = await readFile(join(real, `${name}.gz`));
  await rm(join(folder, `${name}.gz`));
  await writeFile(join(folder, name), gunzipSync(compressed));
  await fashionMnist.verify(folder);
});

describe('a folder that is named', () => {
  test('is taken, the flag before the variable', async () => {
    vi.stubEnv('FASHION_MNIST_DIR', '/nowhere');
    expect(await fashionMnist.find({ dataDir: folder, onProgress })).toEqual({
      directory: folder,
      source: '--data-dir',
    });
    vi.stubEnv('FASHION_MNIST_DIR', folder);
    expect(await fashionMnist.find({ onProgress })).toEqual({
      directory: folder,
      source: 'FASHION_MNIST_DIR',
    });
  });

  test('and lacks a file is an error, not a reason to look elsewhere', async () => {
    await rm(join(folder, 'train-labels-idx1-ubyte.gz'));
    const expected = {
      kind: 'environment',
      reason: 'bad-data-dir',
      title: 'Fashion-MNIST',
      path: folder,
      missing: 'train-labels-idx1-ubyte',
    };
    expect(await problemOf(fashionMnist.find({ dataDir: folder, onProgress }))).toEqual({
      ...expected,
      from: '--data-dir',
    });
    vi.stubEnv('FASHION_MNIST_DIR', folder);
    expect(await problemOf(fashionMnist.find({ onProgress }))).toEqual({
      ...expected,
      from: 'FASHION_MNIST_DIR',
    });
  });
});

describe('a file that is damaged', () => {
  const damage = async (change: (path: string) => Promise<void>) => {
    const path = join(folder, 't10k-images-idx3-ubyte.gz');
    await rm(path);
    await copyFile(join(real, 't10k-images-idx3-ubyte.gz'), path);
    await change(path);
    return path;
  };

  test('by being cut short', async () => {
    const path = await damage((file) => truncate(file, 1_000_000));
    const expected = { reason: 'data-corrupt', path, detail: 'unexpected end of file' };
    expect(await problemOf(fashionMnist.load(folder))).toMatchObject(expected);
    expect(await problemOf(fashionMnist.verify(folder))).toMatchObject(expected);
  });

  test('by one pixel', async () => {
    const path = await damage(async (file) => {
      const content = gunzipSync(await readFile(file));
      content[1000]! ^= 1;
      await writeFile(file, gzipSync(content, { level: 1 }));
    });
    const problem = await problemOf(fashionMnist.verify(folder));
    expect(problem).toMatchObject({ reason: 'data-corrupt', path });
    expect(problem).toHaveProperty(
      'detail',
      expect.stringMatching(/^its content has the SHA-256 [0-9a-f]{64}, not 5b4141f0/),
    );
  });

  test('by unpacking to a thousand times its size', async () => {
    const path = await damage((file) => writeFile(file, gzipSync(Buffer.alloc(10_000_000))));
    const detail = 'it unpacks to more than 7840016 bytes';
    expect(await problemOf(fashionMnist.load(folder))).toMatchObject({
      reason: 'data-corrupt',
      path,
      detail,
    });
  });

  test('by being too large, or no file', async () => {
    const path = await damage((file) => truncate(file, 2 ** 40)); // takes no room on the disk
    const detail = 'it has 1099511627776 bytes, expected 7840016 unpacked';
    expect(await problemOf(fashionMnist.load(folder))).toMatchObject({
      reason: 'data-corrupt',
      path,
      detail,
    });
    await rm(path);
    await mkdir(path);
    const expected = { reason: 'data-corrupt', path, detail: 'it is not a regular file' };
    expect(await problemOf(fashionMnist.load(folder))).toMatchObject(expected);
  });

  test('by being another data set of the same form', async () => {
    const path = await damage(async (file) => {
      await writeFile(file, gzipSync(Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7])));
    });
    expect(await problemOf(fashionMnist.load(folder))).toMatchObject({
      reason: 'data-corrupt',
      path,
      detail: 'it holds 1×1×1 values, expected 10000×28×28',
    });
  });
});
