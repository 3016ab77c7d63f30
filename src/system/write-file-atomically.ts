import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { renamePath } from './rename-path.js';
import { syncDirectory } from './sync-directory.js';

/**
 * Replaces a file as a whole: a reader, or a crash, sees the old content or the new, never a part. It is written
 * under another name first; that file goes where writing fails, and stays where the process is killed in the act.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  temporary = `${path}.${randomUUID()}.tmp`, // two hosts may have the same process ids
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await rm(temporary, { force: true }); // of a process that was killed; or a link to elsewhere
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await renamePath(temporary, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the disk may be full
    throw error;
  }
}
