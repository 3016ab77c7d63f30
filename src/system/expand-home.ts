import { homedir } from 'node:os';
import { join, sep } from 'node:path';

/** `~` and `~/…` as a shell has them; null for any other path. */
export function expandHome(path: string): string | null {
  const isOfHome = path === '~' || path.startsWith('~/') || path.startsWith(`~${sep}`);
  return isOfHome ? join(homedir(), path.slice(1)) : null;
}
