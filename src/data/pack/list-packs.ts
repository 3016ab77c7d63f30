import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { withCacheLock } from '../../system/cache-lock.js';
import { renamePath } from '../../system/rename-path.js';
import type { PackMeta } from './open-pack.js';
import { dataLockName, packsDirectory } from './pack.js';
import { findUser } from './pack-uses.js';

/** A pack in the cache, whole or not. */
export interface FoundPack {
  readonly directory: string;
  readonly bytes: number;
  readonly lastUsed: Date;
  /** What it says of itself; null where that cannot be read. */
  readonly meta: Pick<PackMeta, 'sha256' | 'name' | 'source' | 'shape'> | null;
}

/** All packs, the one that was used last at the end. */
export async function listPacks(): Promise<FoundPack[]> {
  const names = await readdir(packsDirectory()).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return [];
  });
  const packs = await Promise.all(names.map((name) => readPack(join(packsDirectory(), name))));
  return packs.filter((pack) => pack !== null).sort((a, b) => a.lastUsed.getTime() - b.lastUsed.getTime());
}

/** Null where none is there any more. */
async function readPack(directory: string): Promise<FoundPack | null> {
  const found = await stat(directory).catch(() => null);
  if (!found?.isDirectory()) return null;
  const files = await readdir(directory).catch(() => []);
  const sizes = await Promise.all(
    files.map((name) =>
      stat(join(directory, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  const text = await readFile(join(directory, 'meta.json'), 'utf8').catch(() => '');
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return { directory, bytes, lastUsed: found.mtime, meta: parseMeta(text) };
}

function parseMeta(text: string): FoundPack['meta'] {
  try {
    const { sha256, name, source, shape } = JSON.parse(text) as Partial<PackMeta>;
    return sha256 && name && source && shape ? { sha256, name, source, shape } : null;
  } catch {
    return null;
  }
}

/**
 * Removes a pack that nobody uses.
 * @returns the process that uses it, so that it is kept; null where it was removed
 * @throws RunnerError `cache-unusable`
 */
export function removePack(
  { directory, meta }: FoundPack,
  onWait: (pid: number) => void,
): Promise<number | null> {
  return withCacheLock(dataLockName(meta?.sha256 ?? basename(directory)), onWait, async (workDirectory) => {
    const user = await findUser(directory);
    if (user !== null) return user;
    // A run claims the pack, then looks whether it is there. So whoever has seen it has claimed it by now.
    const removed = join(workDirectory, 'removed');
    await renamePath(directory, removed);
    const late = await findUser(directory);
    if (late !== null) await renamePath(removed, directory);
    return late; // the folder of work is removed with all that is in it
  });
}
