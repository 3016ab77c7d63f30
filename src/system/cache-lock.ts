import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunnerError } from '../diagnostics/runner-error.js';
import { ProcessLock, ProcessLocks } from './process-lock.js';
import { renamePath } from './rename-path.js';
import { isStorageError } from './storage-error.js';
import { cacheDirectory } from './cache-directory.js';

const pollInterval = 250; // milliseconds

/**
 * Runs a task while no other process runs one under the same name. The task gets a folder of its own on the
 * cache's file system: it prepares its result there and renames it into the cache. The folder lies inside the
 * lock, so that whoever takes over the lock of a killed process removes its half-made files too; its name is new each
 * time, because a compiler or pip that a killed process has left behind goes on writing to where it was told.
 * @param signal ends the waiting; the task ends by itself
 * @throws RunnerError `cache-unusable` where the cache cannot be written.
 */
export async function withCacheLock<T>(
  name: string,
  onWait: (pid: number) => void,
  task: (workDirectory: string) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const cache = cacheDirectory();
  try {
    await mkdir(cache, { recursive: true });
    const lock = await waitForLock(join(cache, `${name}.lock`), onWait, signal);
    try {
      const workDirectory = join(lock.path, `work-${randomUUID()}`);
      await mkdir(workDirectory);
      return await task(workDirectory);
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (!isStorageError(error)) throw error;
    throw new RunnerError([
      { kind: 'environment', reason: 'cache-unusable', path: cache, detail: error.message },
    ]);
  }
}

/** Makes room in the cache: what was there goes into the folder of work, and away with it. */
export async function moveAway(path: string, workDirectory: string): Promise<void> {
  try {
    await renamePath(path, join(workDirectory, `replaced-${randomUUID()}`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function waitForLock(
  path: string,
  onWait: (pid: number) => void,
  signal: AbortSignal | undefined,
): Promise<ProcessLock> {
  const locks = new ProcessLocks();
  for (let told = false; ; told = true) {
    const lock = await locks.tryLock(path);
    if (lock instanceof ProcessLock) return lock;
    if (!told) onWait(lock.pid);
    await sleep(pollInterval, undefined, { signal });
  }
}
