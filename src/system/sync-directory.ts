import { open } from 'node:fs/promises';

/** Puts a folder's list of names on the disk, so that a file made or renamed in it is still there after a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, 'r');
    await directory.sync().finally(() => directory.close());
  } catch {
    // Not every file system can: the names are then on the disk when it sees fit.
  }
}
