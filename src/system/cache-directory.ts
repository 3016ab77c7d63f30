import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { removePath } from './remove-path.js';

const folder = 'classifier-sweep-runner';

/**
 * The user's cache: engine, data and weights that were fetched. Everything in it can be deleted at any time
 * when nothing runs. A relative XDG_CACHE_HOME is ignored, as its specification demands.
 */
export function cacheDirectory(
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
  platform = process.platform,
): string {
  const { RUNNER_SHARED_CACHE: shared, XDG_CACHE_HOME: cache, HOME: home } = environment;
  if (shared) return shared;
  if (cache && isAbsolute(cache)) return join(cache, folder);
  const usual = platform === 'win32' ? windowsCache(environment) : home && join(home, ...homeCache(platform));
  // Without a home: a temporary folder, which several users may share.
  return usual ? join(usual, folder) : join(tmpdir(), `${folder}-${process.getuid?.() ?? 'user'}`);
}

const homeCache = (platform: NodeJS.Platform): readonly string[] =>
  platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'];

/** Not the roaming part of the profile, which is copied at each login. */
function windowsCache({ LOCALAPPDATA: local, USERPROFILE: profile }: Readonly<NodeJS.ProcessEnv>) {
  return local || (profile && join(profile, 'AppData', 'Local'));
}

/**
 * From now on the cache of this process and its children is a folder that the machines of a cluster share: everything that
 * their trials read is taken from it or put into it.
 */
export function shareCache(directory: string): void {
  process.env.RUNNER_SHARED_CACHE = resolve(directory);
}

export const isCacheShared = (): boolean => Boolean(process.env.RUNNER_SHARED_CACHE);

export async function clearCacheDirectory(): Promise<void> {
  await removePath(cacheDirectory());
}
