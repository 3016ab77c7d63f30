import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cacheDirectory, clearCacheDirectory } from '../../src/system/cache-directory.js';
import { withCacheLock } from '../../src/system/cache-lock.js';
import { RunnerError } from '../../src/diagnostics/runner-error.js';

test.each([
  [{ XDG_CACHE_HOME: '/data/cache', HOME: '/home/ada' }, '/data/cache/classifier-sweep-runner'],
  [{ XDG_CACHE_HOME: 'relative', HOME: '/home/ada' }, '/home/ada/.cache/classifier-sweep-runner'],
  [{ HOME: '/home/ada' }, '/home/ada/.cache/classifier-sweep-runner'],
  [{}, join(tmpdir(), `classifier-sweep-runner-${process.getuid?.()}`)],
])('the cache of %j is %s', (environment, expected) => {
  expect(cacheDirectory(environment, 'linux')).toBe(expected);
});

const name = 'classifier-sweep-runner';

test.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
  ['darwin', { HOME: '/Users/ada' }, join('/Users/ada/Library/Caches', name)],
  ['darwin', { HOME: '/Users/ada', XDG_CACHE_HOME: '/data/cache' }, join('/data/cache', name)],
  ['win32', { LOCALAPPDATA: '/Users/ada/Local', USERPROFILE: '/Users/ada' }, join('/Users/ada/Local', name)],
  ['win32', { USERPROFILE: '/Users/ada', HOME: '/msys/ada' }, join('/Users/ada/AppData/Local', name)],
  ['win32', { LOCALAPPDATA: '/Users/ada/Local', XDG_CACHE_HOME: '/data/cache' }, join('/data/cache', name)],
])('on %s, the cache of %j is %s', (platform, environment, expected) => {
  expect(cacheDirectory(environment, platform)).toBe(expected);
});

describe('withCacheLock', () => {
  let home: string;
  const nobody = () => expect.unreachable('nobody holds the lock');

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'runner-cache-'));
    vi.stubEnv('XDG_CACHE_HOME', home);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true, force: true });
  });

  const lockOf = async (pid: number, processSpace: string): Promise<string> => {
    const lock = join(cacheDirectory(), 'engine.lock');
    await mkdir(join(lock, 'work'), { recursive: true });
    await writeFile(join(lock, 'owner.json'), JSON.stringify({ pid, processSpace }));
    return lock;
  };

  test('tasks of one name run one after the other, and leave nothing behind', async () => {
    const events: string[] = [];
    const waits: number[] = [];
    const task = (name: string) =>
      withCacheLock(
        'engine',
        (pid) => waits.push(pid),
        async (workDirectory) => {
          events.push(`${name} begins`);
          await writeFile(join(workDirectory, 'half'), '');
          await new Promise((resolve) => setImmediate(resolve));
          events.push(`${name} ends`);
          return name;
        },
      );
    expect((await Promise.all([task('a'), task('b')])).sort()).toEqual(['a', 'b']);
    const [first, second] = events[0] === 'a begins' ? ['a', 'b'] : ['b', 'a'];
    expect(events).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`]);
    expect(waits.every((pid) => pid === process.pid)).toBe(true);
    expect(await readdir(cacheDirectory())).toEqual([]);
  });

  test('a task that throws releases the lock', async () => {
    await expect(withCacheLock('engine', nobody, () => Promise.reject(new Error('disk')))).rejects.toThrow(
      'disk',
    );
    await expect(withCacheLock('engine', nobody, () => Promise.resolve(1))).resolves.toBe(1);
  });

  test('the lock of a process that is gone is taken over, with what it left', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const own = JSON.parse(
      await withCacheLock('probe', nobody, (work) => readFile(join(work, '..', 'owner.json'), 'utf8')),
    ) as { processSpace: string };
    const lock = await lockOf(pid, own.processSpace);
    await writeFile(join(lock, 'work', 'half'), '');
    expect(await withCacheLock('engine', nobody, (work) => readdir(work))).toEqual([]);
  });

  test('a cache that cannot be written is an environment problem', async () => {
    await writeFile(join(home, 'file'), '');
    vi.stubEnv('XDG_CACHE_HOME', join(home, 'file'));
    const error: unknown = await withCacheLock('engine', nobody, () => Promise.resolve()).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(RunnerError);
    expect((error as RunnerError).problems[0]).toMatchObject({ reason: 'cache-unusable' });
  });

  test('clearing removes everything', async () => {
    await withCacheLock('engine', nobody, () => Promise.resolve());
    await clearCacheDirectory();
    expect(await readdir(home)).toEqual([]);
  });
});
