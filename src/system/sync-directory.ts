import { open } from 'node:fs/promises';

/**
 * Puts a folder's list of names on the disk, so that a file made or renamed in it is still there after a power cut. Windows
 * opens no folders, and some file systems do not sync them: the names are then on the disk when the system sees fit. Of
 * files, `sync` and `datasync` are F_FULLFSYNC on macOS, which empties the disk's own cache too, by Node's libuv.
 */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const directory = await open(path, 'r');
    await directory.sync().finally(() => directory.close());
  } catch {
    // one of those file systems
  }
}
