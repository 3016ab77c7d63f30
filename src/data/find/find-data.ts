import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { cacheDirectory, isCacheShared } from '../../system/cache-directory.js';
import { moveAway, withCacheLock } from '../../system/cache-lock.js';
import { isDebian } from '../../system/is-debian.js';
import { renamePath } from '../../system/rename-path.js';
import type { Dataset, FindDataOptions, FoundData } from '../dataset.js';
import { fetchDebianPackage, type DebianPackage } from './fetch-debian-package.js';
import { fetchUpstream } from './fetch-upstream.js';
import type { PublishedFile } from './published-file.js';

/** Where the files of a data set are looked for, and fetched from. */
export interface DataSources extends Pick<Dataset, 'title' | 'contents' | 'directoryVariable'> {
  /** Its folder in the cache. Data sets of one archive share one. */
  readonly cacheFolder: string;
  /** What a folder lacks; nothing: it holds the data set. */
  readonly missingFrom: (directory: string) => readonly string[];
  /** What is fetched, or else put somewhere by hand. */
  readonly files: readonly PublishedFile[];
  /** Addresses below which each file is, the best first; none: nobody serves them. */
  readonly upstream: readonly string[];
  /** Null: Debian has none. */
  readonly debian: DebianPackage | null;
  /** Puts what the fetched files hold in their place; null: trials read them as they are. */
  readonly unpack: ((directory: string) => Promise<void>) | null;
}

/**
 * The folder with the files: the one that is named, the system's, the cache's. A folder that is named is never
 * replaced by another. The machines that share a cache have no other's system. Null where nothing is here.
 * @throws RunnerError `bad-data-dir`
 */
export function peekData(sources: DataSources, dataDir?: string): FoundData | null {
  const { title, directoryVariable, debian } = sources;
  const named = dataDir ?? (process.env[directoryVariable] || undefined);
  if (named !== undefined) {
    const from = dataDir === undefined ? directoryVariable : '--data-dir';
    const missing = sources.missingFrom(named);
    if (missing.length === 0) return { directory: named, source: from };
    const reason = 'bad-data-dir';
    throw new RunnerError([
      { kind: 'environment', reason, title, path: named, from, missing: missing.join(', ') },
    ]);
  }
  if (debian && !isCacheShared() && sources.missingFrom(debian.directory).length === 0)
    return { directory: debian.directory, source: 'system' };
  const cached = cachedDirectory(sources);
  return sources.missingFrom(cached).length === 0 ? { directory: cached, source: 'cache' } : null;
}

/**
 * As `peekData`, or else fetched into the cache: from each address in turn, then from Debian's archive.
 * @param verify what was fetched, before it is taken
 * @throws RunnerError `bad-data-dir`, `data-not-found`
 */
export async function findData(
  sources: DataSources,
  { dataDir, onProgress }: FindDataOptions,
  verify: (directory: string) => Promise<void>,
): Promise<FoundData> {
  const found = peekData(sources, dataDir);
  if (found === null) return fetchData(sources, onProgress, verify);
  if (found.source === 'cache') await unpackCached(sources, found.directory, verify);
  return found;
}

/**
 * What an earlier version, or somebody by hand, put there as it is served. A cache that cannot be written, or is damaged,
 * stays as it is.
 */
async function unpackCached(
  { cacheFolder, files, unpack }: DataSources,
  directory: string,
  verify: (directory: string) => Promise<void>,
): Promise<void> {
  if (unpack === null || !files.some(({ name }) => existsSync(join(directory, name)))) return;
  const verifiedUnpack = async () => {
    await verify(directory);
    await unpack(directory);
  };
  await withCacheLock(cacheFolder, () => {}, verifiedUnpack).catch(() => {});
}

async function fetchData(
  sources: DataSources,
  onProgress: (line: string) => void,
  verify: (directory: string) => Promise<void>,
): Promise<FoundData> {
  const { cacheFolder, title, contents, directoryVariable, files, missingFrom, unpack } = sources;
  const debian = isDebian() ? sources.debian : null;
  const directory = cachedDirectory(sources);
  const onWait = (pid: number) =>
    onProgress(`Another process (${pid}) is downloading the data; waiting for it`);
  return withCacheLock(cacheFolder, onWait, async (workDirectory) => {
    if (missingFrom(directory).length === 0) return { directory, source: 'cache' };
    const lookedIn = debian ? [debian.directory, directory] : [directory];
    const tried = lookedIn.map((folder) => `${folder}: not there`);
    for (const [index, { source, place, fetch }] of waysToFetch({ ...sources, debian }).entries()) {
      try {
        const prepared = join(workDirectory, `fetched-${index}`);
        await mkdir(prepared, { recursive: true });
        await fetch(prepared, onProgress);
        await verify(prepared);
        await unpack?.(prepared);
        await moveAway(directory, workDirectory);
        await renamePath(prepared, directory);
        return { directory, source };
      } catch (error) {
        tried.push(`${place}: ${reasonOf(error)}`);
      }
    }
    throw new RunnerError([
      {
        kind: 'environment',
        reason: 'data-not-found',
        title,
        contents,
        directoryVariable,
        debianPackage: debian && debian.package,
        files,
        folder: directory,
        tried,
      },
    ]);
  });
}

interface WayToFetch {
  readonly source: string;
  readonly place: string;
  readonly fetch: (prepared: string, onProgress: (line: string) => void) => Promise<void>;
}

function waysToFetch({ title, files, upstream, debian, missingFrom }: DataSources): WayToFetch[] {
  const fileNames = files.map(({ name }) => name);
  const ways: WayToFetch[] = [];
  if (debian !== null && missingFrom(debian.directory).length === 0)
    // where the cache is shared
    ways.push({
      source: 'system',
      place: debian.directory,
      fetch: (prepared) => cp(debian.directory, prepared, { recursive: true, dereference: true }),
    });
  for (const address of upstream)
    ways.push({
      source: 'upstream',
      place: address,
      fetch: (prepared, onProgress) => fetchUpstream({ title, fileNames, address, prepared, onProgress }),
    });
  if (debian !== null)
    ways.push({
      source: 'Debian package',
      place: `apt-get download ${debian.package}`,
      fetch: (prepared, onProgress) => fetchDebianPackage({ debian, fileNames, prepared, onProgress }),
    });
  return ways;
}

function cachedDirectory({ cacheFolder }: DataSources): string {
  return join(cacheDirectory(), cacheFolder);
}

function reasonOf(error: unknown): string {
  const problem = error instanceof RunnerError ? error.problems[0] : undefined;
  if (problem?.reason === 'data-corrupt') return problem.detail;
  return error instanceof Error ? error.message : String(error);
}
