import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { cacheDirectory } from '../../system/cache-directory.js';
import { moveAway, withCacheLock } from '../../system/cache-lock.js';
import type { Dataset, FindDataOptions, FoundData } from '../dataset.js';
import { fetchDebianPackage, type DebianPackage } from './fetch-debian-package.js';
import { fetchUpstream } from './fetch-upstream.js';
import { arePacked, unpackFiles } from './unpack-files.js';

/** Where the files of a data set are looked for, and fetched from. */
export interface DataSources extends Pick<Dataset, 'name' | 'title' | 'contents' | 'directoryVariable'> {
  /** Each may be there as it is or with `.gz`. */
  readonly fileNames: readonly string[];
  /** An address below which each file is with `.gz`; null: nobody serves them. */
  readonly upstream: string | null;
  /** Null: Debian has none. */
  readonly debian: DebianPackage | null;
}

/**
 * The folder with the files: the one that is named, the system's, the cache's. A folder that is named is never
 * replaced by another. Null where nothing is here.
 * @throws RunnerError `bad-data-dir`
 */
export function peekData(sources: DataSources, dataDir?: string): FoundData | null {
  const { title, directoryVariable, debian } = sources;
  const named = dataDir ?? (process.env[directoryVariable] || undefined);
  if (named !== undefined) {
    const from = dataDir === undefined ? directoryVariable : '--data-dir';
    const missing = missingFiles(sources, named);
    if (missing.length === 0) return { directory: named, source: from };
    const reason = 'bad-data-dir';
    throw new RunnerError([
      { kind: 'environment', reason, title, path: named, from, missing: missing.join(', ') },
    ]);
  }
  if (debian && missingFiles(sources, debian.directory).length === 0)
    return { directory: debian.directory, source: 'system' };
  const cached = cachedDirectory(sources);
  return missingFiles(sources, cached).length === 0 ? { directory: cached, source: 'cache' } : null;
}

/**
 * As `peekData`, or else fetched into the cache: from upstream, then from Debian's archive.
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
  if (found.source === 'cache' && arePacked(found.directory, sources.fileNames))
    await unpackCached(sources, found.directory, verify);
  return found;
}

/** Of a cache that an earlier version filled. One that cannot be written, or is damaged, stays as it is. */
async function unpackCached(
  { name, fileNames }: DataSources,
  directory: string,
  verify: (directory: string) => Promise<void>,
): Promise<void> {
  const unpack = async () => {
    await verify(directory);
    await unpackFiles(directory, fileNames);
  };
  await withCacheLock(name, () => {}, unpack).catch(() => {});
}

async function fetchData(
  sources: DataSources,
  onProgress: (line: string) => void,
  verify: (directory: string) => Promise<void>,
): Promise<FoundData> {
  const { name, title, contents, debian } = sources;
  const directory = cachedDirectory(sources);
  const onWait = (pid: number) =>
    onProgress(`Another process (${pid}) is downloading the data; waiting for it`);
  return withCacheLock(name, onWait, async (workDirectory) => {
    if (missingFiles(sources, directory).length === 0) return { directory, source: 'cache' };
    const lookedIn = debian ? [debian.directory, directory] : [directory];
    const tried = lookedIn.map((folder) => `${folder}: not there`);
    for (const { source, place, fetch } of waysToFetch(sources)) {
      try {
        const prepared = join(workDirectory, source.replaceAll(' ', '-'));
        await mkdir(prepared, { recursive: true });
        await fetch(prepared, onProgress);
        await verify(prepared);
        await unpackFiles(prepared, sources.fileNames);
        await moveAway(directory, workDirectory);
        await rename(prepared, directory);
        return { directory, source };
      } catch (error) {
        tried.push(`${place}: ${reasonOf(error)}`);
      }
    }
    const debianPackage = debian && debian.package;
    const reason = 'data-not-found';
    throw new RunnerError([{ kind: 'environment', reason, title, contents, debianPackage, tried }]);
  });
}

interface WayToFetch {
  readonly source: string;
  readonly place: string;
  readonly fetch: (prepared: string, onProgress: (line: string) => void) => Promise<void>;
}

function waysToFetch({ title, fileNames, upstream, debian }: DataSources): WayToFetch[] {
  const ways: WayToFetch[] = [];
  if (upstream !== null)
    ways.push({
      source: 'upstream',
      place: upstream,
      fetch: (prepared, onProgress) => fetchUpstream({ title, fileNames, upstream, prepared, onProgress }),
    });
  if (debian !== null)
    ways.push({
      source: 'Debian package',
      place: `apt-get download ${debian.package}`,
      fetch: (prepared, onProgress) => fetchDebianPackage({ debian, fileNames, prepared, onProgress }),
    });
  return ways;
}

function missingFiles({ fileNames }: DataSources, directory: string): string[] {
  return fileNames.filter(
    (name) => !existsSync(join(directory, name)) && !existsSync(join(directory, `${name}.gz`)),
  );
}

function cachedDirectory({ name }: DataSources): string {
  return join(cacheDirectory(), name);
}

function reasonOf(error: unknown): string {
  const problem = error instanceof RunnerError ? error.problems[0] : undefined;
  if (problem?.reason === 'data-corrupt') return problem.detail;
  return error instanceof Error ? error.message : String(error);
}
