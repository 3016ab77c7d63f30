import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { identifySelf, posix, stateOf, windows } from '../../src/system/process-identity.js';
import { ProcessLock, ProcessLocks, lookAtLock } from '../../src/system/process-lock.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-process-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const hour = 3_600_000;
const ago = (milliseconds: number) => String(Date.now() - milliseconds);

/** Runs a task while a process that does nothing is there. */
async function withSleeper<T>(task: (pid: number) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, ['-e', 'console.log(); setTimeout(() => {}, 60_000)']);
  try {
    await once(child.stdout, 'data');
    return await task(child.pid!);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
}

const goneProcess = (): number => spawnSync(process.execPath, ['--version']).pid;

test('this process runs; with another start it would be an earlier one of its id', async () => {
  const self = identifySelf();
  expect(await stateOf(self)).toBe('running');
  expect(await stateOf({ ...self, startTime: '1' })).toBe('gone');
  expect(await stateOf({ ...self, startTime: null })).toBe('unknown');
  expect(await stateOf({ pid: goneProcess(), startTime: null })).toBe('gone');
});

const hasPs = spawnSync('ps', ['-o', 'lstart=', '-p', String(process.pid)]).status === 0;

describe.runIf(hasPs)('by `ps -o lstart=`, as on macOS', () => {
  test.each(['', 'Asia/Kathmandu'])('a process is told from another of its id, zone %j', async (zone) => {
    vi.stubEnv('TZ', zone);
    vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
    await withSleeper(async (pid) => {
      expect(await stateOf({ pid, startTime: ago(0) }, posix)).toBe('running');
      expect(await stateOf({ pid, startTime: ago(hour) }, posix)).toBe('gone');
    });
  });

  test('what a process says of itself is what the system says of it', async () => {
    expect(await stateOf({ pid: process.pid, startTime: posix.own() }, posix)).toBe('running');
  });
});

describe('by PowerShell, as on Windows, which a script stands in for', () => {
  async function answer(script: string): Promise<void> {
    await writeFile(join(folder, 'powershell.exe'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'powershell.exe'), 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  }

  test.each([
    [0, 'running'],
    [1500, 'running'],
    [hour, 'gone'],
  ] as const)('a start that is %s ms apart: %s', async (apart, state) => {
    const start = Date.now();
    const text = new Date(start + apart).toISOString().replace('Z', '4567Z'); // it has ten millionths
    await answer(`printf '${text}\\r\\n'`);
    await withSleeper(async (pid) => {
      expect(await stateOf({ pid, startTime: String(start) }, windows)).toBe(state);
    });
  });

  test.each(['exit 1', 'echo nonsense'])('`%s`: it is unknown', async (script) => {
    await answer(script);
    await withSleeper(async (pid) => {
      expect(await stateOf({ pid, startTime: ago(0) }, windows)).toBe('unknown');
    });
  });
});

describe('a lock of an earlier process with the id of one that runs', () => {
  const writeLock = async (startTime: string | null) => {
    const path = join(folder, 'trial');
    await mkdir(path);
    await writeFile(join(path, 'owner.json'), JSON.stringify({ ...identifySelf(), startTime, token: 't' }));
    return path;
  };

  test('is taken over at once where the starts differ, as after a start of the machine', async () => {
    const path = await writeLock('1');
    expect(await lookAtLock(path)).toMatchObject({ isAlive: false, isHere: true });
    const lock = await new ProcessLocks().tryLock(path);
    expect(lock).toBeInstanceOf(ProcessLock);
    await (lock as ProcessLock).release();
  });

  test('is taken over for want of signs of life where its start is unknown', async () => {
    const path = await writeLock(null);
    expect(await lookAtLock(path)).toMatchObject({ isAlive: true, isHere: true });
    expect(await new ProcessLocks().tryLock(path)).toMatchObject({ token: 't' });
    const lock = await new ProcessLocks(0).tryLock(path);
    expect(lock).toBeInstanceOf(ProcessLock);
    await (lock as ProcessLock).release();
  });
});
