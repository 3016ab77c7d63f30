import { rename, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** How Windows refuses while another process, such as a reader or a virus scanner, has one of the files open. */
const transient = ['EPERM', 'EACCES', 'EBUSY'];

/** Milliseconds between two attempts, 10 s in all: a scanner may hold a new file for seconds. */
const pauses = [10, 20, 40, 80, 160, 320, ...Array<number>(19).fill(500)];

/** What is asked of the system, so that another one can be tried. */
export interface RenamingSystem {
  readonly platform: NodeJS.Platform;
  rename(from: string, to: string): Promise<void>;
  sleep(milliseconds: number): Promise<unknown>;
}

const thisSystem: RenamingSystem = { platform: process.platform, rename, sleep };

/**
 * Renames a file, in the place of one that is there, or a folder. Every rename that others may see goes through here:
 * Windows refuses it while somebody has one of the files open, and then it is tried again.
 * @throws the file system's error; EEXIST or ENOTEMPTY where a folder is in the way, which Windows calls EPERM
 */
export async function renamePath(
  from: string,
  to: string,
  system: RenamingSystem = thisSystem,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await system.rename(from, to);
    } catch (error) {
      const refusal = error as NodeJS.ErrnoException;
      if (system.platform !== 'win32' || !transient.includes(refusal.code ?? '')) throw error;
      if (await isFolder(to)) throw Object.assign(refusal, { code: 'EEXIST' });
      const pause = pauses[attempt];
      if (pause === undefined) throw error;
      await system.sleep(pause);
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
