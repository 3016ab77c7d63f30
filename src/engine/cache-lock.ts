import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunnerError } from '../diagnostics/runner-error.js';
import { cacheDirectory } from './cache-directory.js';

const heartbeat = 5_000; // milliseconds between two signs of life
const staleAfter = 60_000; // milliseconds without one, where the owner cannot be asked: another host or container
const pollInterval = 250;

interface Owner {
  readonly pid: number;
  /** Process ids mean something only on one host and in one namespace of processes. */
  readonly processSpace: string;
}

/**
 * Runs a task while no other process runs one under the same name. The task gets a folder of its own on the
 * cache's file system: it prepares its result there and renames it into the cache. The folder lies inside the
 * lock, so that whoever takes over the lock of a killed process removes its half-made files too.
 * @throws RunnerError `cache-unusable` where the cache cannot be written.
 */
export async function withCacheLock<T>(
  name: string,
  onWait: (pid: number) => void,
  task: (workDirectory: string) => Promise<T>,
): Promise<T> {
  const cache = cacheDirectory();
  try {
    await mkdir(cache, { recursive: true });
    const lock = join(cache, `${name}.lock`);
    await acquire(lock, onWait);
    const beat = setInterval(() => void touch(lock), heartbeat).unref();
    try {
      return await task(join(lock, 'work'));
    } finally {
      clearInterval(beat);
      await discard(lock);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code && ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR'].includes(code)) {
      throw new RunnerError([
        { kind: 'environment', reason: 'cache-unusable', path: cache, detail: message },
      ]);
    }
    throw error;
  }
}

/** Makes room in the cache: what was there goes into the folder of work, and away with it. */
export async function moveAway(path: string, workDirectory: string): Promise<void> {
  try {
    await rename(path, join(workDirectory, `replaced-${randomUUID()}`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function acquire(lock: string, onWait: (pid: number) => void): Promise<void> {
  // Made whole under another name and renamed, so that a lock never exists without its owner.
  const candidate = `${lock}.${process.pid}.${randomUUID()}`;
  await mkdir(join(candidate, 'work'), { recursive: true });
  const self: Owner = { pid: process.pid, processSpace: processSpace() };
  await writeFile(join(candidate, 'owner.json'), JSON.stringify(self));
  let told = false;
  for (;;) {
    try {
      await touch(candidate);
      await rename(candidate, lock);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    }
    const owner = await readOwner(lock);
    if (owner === null) continue; // released this moment
    if (await isStale(lock, owner)) {
      await discard(lock);
      continue;
    }
    if (!told) onWait(owner.pid);
    told = true;
    await sleep(pollInterval);
  }
}

/** Moves the lock away at once, then deletes what it held; of several processes that do it, one succeeds. */
async function discard(lock: string): Promise<void> {
  const removed = `${lock}.${process.pid}.${randomUUID()}`;
  try {
    await rename(lock, removed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rm(removed, { recursive: true, force: true });
  await removeLeftovers(lock);
}

/** Folders beside the lock that a process killed in the act left behind. */
async function removeLeftovers(lock: string): Promise<void> {
  const parent = join(lock, '..');
  const prefix = `${lock.slice(parent.length + 1)}.`;
  for (const entry of await readdir(parent)) {
    const pid = entry.startsWith(prefix) ? Number.parseInt(entry.slice(prefix.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    const path = join(parent, entry);
    const modified = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - modified > staleAfter) await rm(path, { recursive: true, force: true });
  }
}

async function isStale(lock: string, owner: Owner): Promise<boolean> {
  if (owner.processSpace === processSpace()) return !isRunning(owner.pid);
  const modified = await stat(lock).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  return Date.now() - modified > staleAfter;
}

async function readOwner(lock: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(join(lock, 'owner.json'), 'utf8')) as Owner;
  } catch {
    return null;
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => {}); // a beat that fails is missed, no more
}

function processSpace(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
