import { stat } from 'node:fs/promises';

const leftoverAge = 3_600_000; // milliseconds after which nobody is still at work on what takes some to make

/** Whether what was being made there was left half-made an hour ago: by a process that was killed, on any host. */
export async function isLeftover(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null); // gone this moment
  return found !== null && Date.now() - found.mtimeMs > leftoverAge;
}
