/** Who uses which pack: a run says so while its trials train, so that nobody removes what they read. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cacheDirectory } from '../../system/cache-directory.js';
import { isLeftover } from '../../system/is-leftover.js';
import { ProcessLock, ProcessLocks } from '../../system/process-lock.js';
import { isStorageError } from '../../system/storage-error.js';

const place = () => join(cacheDirectory(), 'data', 'uses');

/**
 * Says that this process uses a pack, until it is released or has ended. To be said before it is looked whether the pack
 * is there. Null: the cache cannot be written, so no pack in it can be removed either.
 */
export async function claimPack(directory: string): Promise<ProcessLock | null> {
  try {
    await mkdir(place(), { recursive: true });
    const lock = await new ProcessLocks().tryLock(join(place(), `${basename(directory)}-${randomUUID()}`));
    return lock instanceof ProcessLock ? lock : null;
  } catch (error) {
    if (!isStorageError(error)) throw error;
    return null;
  }
}

/** A process that uses a pack, or null. What processes left that are gone is removed. */
export async function findUser(directory: string): Promise<number | null> {
  const names = await readdir(place()).catch(() => []);
  const own = names.filter((name) => name.startsWith(`${basename(directory)}-`) && !name.includes('.'));
  for (const name of own) {
    // A process of another host cannot be asked: it is gone where it has shown no sign of life for an hour.
    const path = join(place(), name);
    const locks = new ProcessLocks((await isLeftover(path)) ? 0 : undefined);
    const owner = await locks.tryLock(path);
    if (!(owner instanceof ProcessLock)) return owner.pid;
    await owner.release();
  }
  return null;
}
