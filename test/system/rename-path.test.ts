import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renamePath, type RenamingSystem } from '../../src/system/rename-path.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-rename-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface TriedSystem extends RenamingSystem {
  attempts: number;
  slept: number;
}

/** A system that refuses so often, as Windows does while a file is open, and renames then. Time does not pass. */
function refusing(times: number, code: string, platform: NodeJS.Platform = 'win32'): TriedSystem {
  return {
    platform,
    attempts: 0,
    slept: 0,
    async rename(from, to) {
      if (this.attempts++ < times) throw Object.assign(new Error(`${code}: refused`), { code });
      await rename(from, to);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface is a promise
    async sleep(milliseconds) {
      this.slept += milliseconds;
    },
  };
}

test.each(['EPERM', 'EACCES', 'EBUSY'])(
  'Windows: a file that is open elsewhere (%s) is replaced once it is closed',
  async (code) => {
    const [from, to] = [join(folder, 'new'), join(folder, 'old')];
    await writeFile(from, 'new');
    await writeFile(to, 'old');
    const system = refusing(5, code);
    await renamePath(from, to, system);
    expect(system.attempts).toBe(6);
    expect(system.slept).toBe(10 + 20 + 40 + 80 + 160);
    expect(await readdir(folder)).toEqual(['old']);
    expect(await readFile(to, 'utf8')).toBe('new');
  },
);

test('Windows: a file that stays open is given up after ten seconds, with the reason of the system', async () => {
  const [from, to] = [join(folder, 'new'), join(folder, 'old')];
  await writeFile(from, 'new');
  const system = refusing(1000, 'EBUSY');
  await expect(renamePath(from, to, system)).rejects.toMatchObject({ code: 'EBUSY' });
  expect(system.slept).toBeGreaterThan(9000);
  expect(system.slept).toBeLessThan(11_000);
  expect(await readdir(folder)).toEqual(['new']);
});

test('Windows: a folder in the way is said at once, by the code of other systems', async () => {
  const [from, to] = [join(folder, 'new'), join(folder, 'old')];
  await mkdir(from);
  await mkdir(to);
  const system = refusing(1, 'EPERM');
  await expect(renamePath(from, to, system)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(system).toMatchObject({ attempts: 1, slept: 0 });
});

test.each([
  ['win32', 'ENOENT'],
  ['win32', 'ENOSPC'],
  ['linux', 'EPERM'],
  ['darwin', 'EACCES'],
] as const)('%s: %s is final', async (platform, code) => {
  const system = refusing(1, code, platform);
  const attempt = renamePath(join(folder, 'a'), join(folder, 'b'), system);
  await expect(attempt).rejects.toMatchObject({ code });
  expect(system).toMatchObject({ attempts: 1, slept: 0 });
});

test('nothing else renames, but for the engine of Linux and what is written again each second', () => {
  const source = fileURLToPath(new URL('../../src/', import.meta.url));
  const renaming = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) =>
      /import \{[^}]*\brename(Sync)?\b[^}]*\} from/.test(readFileSync(join(source, file), 'utf8')),
    );
  expect(renaming.filter((file) => !/^(provision|engines\/tensorflow)\//.test(file)).sort()).toEqual([
    'run/trial-progress.ts',
    'system/rename-path.ts',
  ]);
});
