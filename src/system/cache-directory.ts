import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { removePath } from './remove-path.js';

const folder = 'classifier-sweep-runner';

/**
 * The user's cache: engine, data and weights that were fetched. Everything in it can be deleted at any time
 * when nothing runs. A relative XDG_CACHE_HOME is ignored, as its specification demands.
 */
export function cacheDirectory(environment: Readonly<NodeJS.ProcessEnv> = process.env): string {
  const { XDG_CACHE_HOME: cache, HOME: home } = environment;
  if (cache && isAbsolute(cache)) return join(cache, folder);
  if (home) return join(home, '.cache', folder);
  return join(tmpdir(), `${folder}-${process.getuid?.() ?? 0}`);
}

export async function clearCacheDirectory(): Promise<void> {
  await removePath(cacheDirectory());
}
