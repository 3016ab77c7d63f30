import { rm } from 'node:fs/promises';

/** Of Windows, where a file that another process has open cannot be removed until it is closed: 1.5 s in all. */
const retries = process.platform === 'win32' ? { maxRetries: 5, retryDelay: 100 } : {};

/** Removes a file or a folder with all that is in it, if it is there. @throws the file system's errors */
export async function removePath(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, ...retries });
}
