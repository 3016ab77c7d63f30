import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunnerError } from '../../../src/diagnostics/runner-error.js';
import { givenLibrary } from '../../../src/engines/tensorflow/libtensorflow.js';
import { ZipArchive } from '../../../src/system/zip-archive.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'runner-libtensorflow-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a given library is either of the wheel or of a C release; what is missing is named', async () => {
  const release = join(folder, 'release');
  for (const path of [
    'lib/libtensorflow.so.2',
    'lib/libtensorflow_framework.so.2',
    'include/tensorflow/c/c_api.h',
  ]) {
    await mkdir(join(release, path, '..'), { recursive: true });
    await writeFile(join(release, path), '');
  }
  expect((await givenLibrary(release)).libraries).toEqual([
    join(release, 'lib/libtensorflow.so.2'),
    join(release, 'lib/libtensorflow_framework.so.2'),
  ]);
  await rm(join(release, 'include'), { recursive: true });
  const error: unknown = await givenLibrary(release).catch((thrown: unknown) => thrown);
  expect((error as RunnerError).problems).toEqual([
    {
      kind: 'environment',
      reason: 'bad-libtensorflow',
      path: release,
      missing: ['include/tensorflow/c/c_api.h'],
    },
  ]);
});

describe('ZipArchive', () => {
  const text = 'Bundle of coats and sneakers. '.repeat(10_000);
  let path: string;

  beforeAll(() => {
    path = join(folder, 'wheel.zip');
    const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    wheel.writestr('deflated.txt', sys.stdin.read(), zipfile.ZIP_DEFLATED)
    wheel.writestr('stored.txt', 'boots', zipfile.ZIP_STORED)
    wheel.writestr('empty.txt', '')
    tool = zipfile.ZipInfo('bin/tool'); tool.external_attr = 0o755 << 16
    wheel.writestr(tool, 'run')
`;
    const { status, stderr } = spawnSync('python3', ['-c', script, path], { input: text, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test('entries are unpacked with their hash and permissions', async () => {
    const archive = await ZipArchive.open(path);
    const [deflated, stored, empty, tool] = archive.entries;
    const target = join(folder, 'unpacked', 'deep', 'file');
    expect(await archive.extract(deflated!, target)).toBe(createHash('sha256').update(text).digest('hex'));
    expect(await readFile(target, 'utf8')).toBe(text);
    await archive.extract(stored!, `${target}.stored`);
    expect(await readFile(`${target}.stored`, 'utf8')).toBe('boots');
    await archive.extract(empty!, `${target}.empty`);
    expect((await stat(`${target}.empty`)).size).toBe(0);
    await archive.extract(tool!, `${target}.tool`);
    expect((await stat(`${target}.tool`)).mode & 0o777).toBe(0o755);
    await archive.close();
  });

  test('what is no zip, or a part of one, is refused', async () => {
    const bytes = await readFile(path);
    await writeFile(`${path}.cut`, bytes.subarray(0, bytes.length - 30));
    await expect(ZipArchive.open(`${path}.cut`)).rejects.toThrow('to be a zip archive');
  });
});
