import { writeFile as writeTo } from 'node:fs';
import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { descriptorOf } from './descriptor-path.js';

/**
 * Writes what the user names, as `>` of a shell does: into the file, the pipe or the device that is there, and through
 * links. A pipe is waited for until somebody reads it. Folders that are missing above a new file are made.
 * @param fresh whether a new file is refused that another process makes at the same moment
 * @throws the file system's errors
 */
export async function writeNamedFile(
  path: string,
  content: string | Uint8Array,
  { fresh = false } = {},
): Promise<void> {
  const descriptor = descriptorOf(path);
  // Not opened by its name: of a socket that fails, and a file would be written from its beginning.
  if (descriptor !== null) return promisify(writeTo)(descriptor, content);
  const isNew = !(await isThere(path));
  if (isNew) await makeFolder(dirname(path));
  await writeFile(path, content, { flag: isNew && fresh ? 'wx' : 'w' });
}

/** A file in the place of the folder is reported as a file above it. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') (error as NodeJS.ErrnoException).code = 'ENOTDIR';
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
