import { stat } from 'node:fs/promises';

/** Equal for the names of one regular file; null where the path is of none. */
export async function fileIdentity(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found && identityOf(found);
}

/** As `fileIdentity`, of what was found. Windows' numbers of files are rounded unless they are bigints. */
export function identityOf(found: {
  readonly dev: bigint;
  readonly ino: bigint;
  isFile(): boolean;
}): string | null {
  return found.isFile() ? `${found.dev}:${found.ino}` : null;
}
