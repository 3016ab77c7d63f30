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
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { downloadFile } from '../../src/system/download-file.js';
import { findFashionMnist, loadFashionMnist, verifyFashionMnist } from '../../src/data/fashion-mnist.js';
import type { RunnerError } from '../../src/diagnostics/runner-error.js';

const onProgress = () => {};
let real: string;
let folder: string;

beforeAll(async () => void (real = (await findFashionMnist({ onProgress })).directory));
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
  await verifyFashionMnist(real);
  const { trainImages, trainLabels, testImages, testLabels } = await loadFashionMnist(real);
  const counts = (labels: Uint8Array) =>
    Array.from({ length: 10 }, (_, label) => labels.filter((other) => other === label).length);
  expect(counts(trainLabels)).toEqual(Array(10).fill(6000));
  expect(counts(testLabels)).toEqual(Array(10).fill(1000));
  expect([trainImages.length, testImages.length]).toEqual([60_000 * 784, 10_000 * 784]);
  expect([...trainLabels.subarray(0, 4)]).toEqual([9, 0, 0, 3]); // an ankle boot, two T-shirts, a dress
});

test('plain files serve as well as gzipped ones', async () => {
  const name = 't10k-labels-idx1-ubyte';
  const compressed = await readFile(join(real, `${name}.gz`));
  await rm(join(folder, `${name}.gz`));
  await writeFile(join(folder, name), gunzipSync(compressed));
  await verifyFashionMnist(folder);
});

describe('a folder that is named', () => {
  test('is taken, the flag before the variable', async () => {
    vi.stubEnv('FASHION_MNIST_DIR', '/nowhere');
    expect(await findFashionMnist({ dataDir: folder, onProgress })).toEqual({
      directory: folder,
      source: '--data-dir',
    });
    vi.stubEnv('FASHION_MNIST_DIR', folder);
    expect(await findFashionMnist({ onProgress })).toEqual({
      directory: folder,
      source: 'FASHION_MNIST_DIR',
    });
  });

  test('and lacks a file is an error, not a reason to look elsewhere', async () => {
    await rm(join(folder, 'train-labels-idx1-ubyte.gz'));
    const expected = {
      kind: 'environment',
      reason: 'bad-data-dir',
      path: folder,
      missing: 'train-labels-idx1-ubyte',
    };
    expect(await problemOf(findFashionMnist({ dataDir: folder, onProgress }))).toEqual({
      ...expected,
      from: '--data-dir',
    });
    vi.stubEnv('FASHION_MNIST_DIR', folder);
    expect(await problemOf(findFashionMnist({ onProgress }))).toEqual({
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
    expect(await problemOf(loadFashionMnist(folder))).toMatchObject(expected);
    expect(await problemOf(verifyFashionMnist(folder))).toMatchObject(expected);
  });

  test('by one pixel', async () => {
    const path = await damage(async (file) => {
      const content = gunzipSync(await readFile(file));
      content[1000]! ^= 1;
      await writeFile(file, gzipSync(content, { level: 1 }));
    });
    const problem = await problemOf(verifyFashionMnist(folder));
    expect(problem).toMatchObject({ reason: 'data-corrupt', path });
    expect(problem).toHaveProperty(
      'detail',
      expect.stringMatching(/^its content has the SHA-256 [0-9a-f]{64}, not 5b4141f0/),
    );
  });

  test('by unpacking to a thousand times its size', async () => {
    const path = await damage((file) => writeFile(file, gzipSync(Buffer.alloc(10_000_000))));
    const detail = 'it unpacks to more than 7840016 bytes';
    expect(await problemOf(loadFashionMnist(folder))).toMatchObject({ reason: 'data-corrupt', path, detail });
  });

  test('by being too large, or no file', async () => {
    const path = await damage((file) => truncate(file, 2 ** 40)); // takes no room on the disk
    const detail = 'it has 1099511627776 bytes, expected 7840016 unpacked';
    expect(await problemOf(loadFashionMnist(folder))).toMatchObject({ reason: 'data-corrupt', path, detail });
    await rm(path);
    await mkdir(path);
    const expected = { reason: 'data-corrupt', path, detail: 'it is not a regular file' };
    expect(await problemOf(loadFashionMnist(folder))).toMatchObject(expected);
  });

  test('by being another data set of the same form', async () => {
    const path = await damage(async (file) => {
      await writeFile(file, gzipSync(Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7])));
    });
    expect(await problemOf(loadFashionMnist(folder))).toMatchObject({
      reason: 'data-corrupt',
      path,
      detail: 'it holds 1×1×1 values, expected 10000×28×28',
    });
  });
});

describe('downloadFile', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/whole') response.end('coat');
      else if (request.url === '/cut')
        response.writeHead(200, { 'content-length': '100' }).write('co', () => response.destroy());
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('writes what the server sends', async () => {
    await downloadFile(`${url}/whole`, join(folder, 'file'), onProgress);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('coat');
  });

  test('an error of the server and a broken connection are errors', async () => {
    await expect(downloadFile(`${url}/none`, join(folder, 'file'), onProgress)).rejects.toThrow('HTTP 404');
    await expect(downloadFile(`${url}/cut`, join(folder, 'file'), onProgress)).rejects.toThrow('aborted');
  });
});
