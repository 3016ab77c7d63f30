import { relative } from 'node:path';

/** Whether a path is a folder or lies in it, both absolute and without symbolic links. */
export function isWithin(folder: string, path: string): boolean {
  return !/^\.\.(\/|$)/.test(relative(folder, path));
}
