/** Archives that tar wrote, in its two common forms. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tarEntries } from '../../src/system/tar-entries.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-tar-'));
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'in/block'), Buffer.alloc(512, 7)); // a block and no more
  await writeFile(join(folder, 'in/empty'), '');
  await writeFile(join(folder, 'in/text'), 'boots');
});
afterAll(() => rm(folder, { recursive: true }));

async function archive(format: string): Promise<Uint8Array> {
  const path = join(folder, `${format}.tar`);
  await promisify(execFile)('tar', ['--sort=name', `--format=${format}`, '-cf', path, '-C', folder, 'in']);
  return readFile(path);
}

describe.each(['gnu', 'ustar', 'pax'])('an archive of the form %s', (format) => {
  test('holds its files, without its folders', async () => {
    const entries = tarEntries(await archive(format));
    expect(entries.map(({ name }) => name)).toEqual(['in/block', 'in/empty', 'in/text']);
    expect(entries.map(({ content }) => content.length)).toEqual([512, 0, 5]);
    expect(Buffer.from(entries[2]!.content).toString()).toBe('boots');
  });
});

test('long names are joined of their parts, as ustar has them', async () => {
  const long = join('in', 'a'.repeat(90), 'b'.repeat(40));
  await mkdir(join(folder, long), { recursive: true });
  await writeFile(join(folder, long, 'file'), 'x');
  expect(tarEntries(await archive('ustar')).map(({ name }) => name)).toContain(`${long}/file`);
  await rm(join(folder, 'in', 'a'.repeat(90)), { recursive: true });
});

test('what is damaged or cut short is refused', async () => {
  const bytes = await archive('ustar');
  const damaged = Uint8Array.from(bytes);
  damaged[512]! ^= 1; // the first letter of the first file's name
  expect(() => tarEntries(damaged)).toThrow('the tar header at byte 512 is damaged');
  expect(() => tarEntries(bytes.subarray(0, 1200))).toThrow('the tar archive is cut short');
  expect(tarEntries(new Uint8Array(0))).toEqual([]);
});

test('a size below nothing is refused, and does not lead back to where it was', async () => {
  const bytes = Buffer.from(await archive('ustar'));
  const header = bytes.subarray(512, 1024);
  header.write('-0000001000\0', 124);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  expect(() => tarEntries(bytes)).toThrow('the tar header at byte 512 is damaged');
});
