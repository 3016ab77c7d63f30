import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { RunnerError } from '../diagnostics/runner-error.js';
import { cacheDirectory } from '../system/cache-directory.js';
import { moveAway, withCacheLock } from '../system/cache-lock.js';
import { runCommand } from '../system/run-command.js';
import { downloadFile } from '../system/download-file.js';
import { fashionMnistFiles, type FashionMnistFile } from './fashion-mnist-identity.js';
import { decodeIdx, idxSize } from './idx.js';

export { fashionMnistSha256 } from './fashion-mnist-identity.js';

/** Images are rows of 784 bytes, 28×28, one image after the other; labels are 0 to 9. */
export interface FashionMnist {
  readonly trainImages: Uint8Array;
  readonly trainLabels: Uint8Array;
  readonly testImages: Uint8Array;
  readonly testLabels: Uint8Array;
}

export interface FoundData {
  readonly directory: string;
  /** Where it comes from, for people, such as `--data-dir` or `Debian package`. */
  readonly source: string;
}

export interface FindDataOptions {
  readonly dataDir?: string | undefined;
  readonly onProgress: (line: string) => void;
}

const files: readonly FashionMnistFile[] = Object.values(fashionMnistFiles);
const systemDirectory = '/usr/share/datasets/fashion-mnist'; // of Debian's package dataset-fashion-mnist
const debianPackage = 'dataset-fashion-mnist';
const upstream = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com';
const gunzipAsync = promisify(gunzip);

/**
 * The folder with the four IDX files, plain or gzipped: the one that is named, the system's, the cache's, or
 * else fetched into the cache: from upstream, then from Debian's archive. A folder that is named is never
 * replaced by another.
 * @throws RunnerError `bad-data-dir`, `data-not-found`
 */
export async function findFashionMnist({ dataDir, onProgress }: FindDataOptions): Promise<FoundData> {
  return peekFashionMnist(dataDir) ?? fetchFashionMnist(onProgress);
}

/** The same without fetching: null where nothing is here. @throws RunnerError `bad-data-dir` */
export function peekFashionMnist(dataDir?: string): FoundData | null {
  const named = dataDir ?? (process.env.FASHION_MNIST_DIR || undefined);
  if (named !== undefined) {
    const from = dataDir === undefined ? 'FASHION_MNIST_DIR' : '--data-dir';
    const missing = missingFiles(named);
    if (missing.length === 0) return { directory: named, source: from };
    const reason = 'bad-data-dir';
    throw new RunnerError([{ kind: 'environment', reason, path: named, from, missing: missing.join(', ') }]);
  }
  if (missingFiles(systemDirectory).length === 0) return { directory: systemDirectory, source: 'system' };
  if (missingFiles(cachedDirectory()).length === 0) return { directory: cachedDirectory(), source: 'cache' };
  return null;
}

/**
 * Checks the decompressed content of all files by SHA-256, which takes half a second: once in the parent, so
 * that trials only look at sizes.
 * @throws RunnerError `data-corrupt`
 */
export async function verifyFashionMnist(directory: string): Promise<void> {
  for (const file of files) {
    const { path, bytes } = await readIdxFile(directory, file);
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (actual !== file.sha256)
      throw corrupt(path, `its content has the SHA-256 ${actual}, not ${file.sha256}`);
  }
}

/** Reads the data; checks shapes, not hashes. @throws RunnerError `data-corrupt` */
export async function loadFashionMnist(directory: string): Promise<FashionMnist> {
  const load = async (file: FashionMnistFile): Promise<Uint8Array> => {
    const { path, bytes } = await readIdxFile(directory, file);
    try {
      const { shape, values } = decodeIdx(bytes);
      if (shape.join() === file.shape.join()) return values;
      throw new Error(`it holds ${shape.join('×')} values, expected ${file.shape.join('×')}`);
    } catch (error) {
      throw corrupt(path, (error as Error).message);
    }
  };
  const { trainImages, trainLabels, testImages, testLabels } = fashionMnistFiles;
  const [a, b, c, d] = await Promise.all([
    load(trainImages),
    load(trainLabels),
    load(testImages),
    load(testLabels),
  ]);
  return { trainImages: a, trainLabels: b, testImages: c, testLabels: d };
}

/** Refused before it is read, or unpacked, beyond its known size: a gzip file may hold a thousand times its own. */
async function readIdxFile(
  directory: string,
  { name, shape }: FashionMnistFile,
): Promise<{ path: string; bytes: Uint8Array }> {
  const plain = join(directory, name);
  const path = existsSync(plain) ? plain : `${plain}.gz`;
  const size = idxSize(shape);
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error('it is not a regular file');
    if (found.size > 2 * size) throw new Error(`it has ${found.size} bytes, expected ${size} unpacked`);
    const content = await readFile(path);
    if (path === plain) return { path, bytes: content };
    return { path, bytes: await gunzipAsync(content, { maxOutputLength: size }) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw corrupt(path, code === 'ERR_BUFFER_TOO_LARGE' ? `it unpacks to more than ${size} bytes` : message);
  }
}

function corrupt(path: string, detail: string): RunnerError {
  return new RunnerError([{ kind: 'environment', reason: 'data-corrupt', path, detail }]);
}

function missingFiles(directory: string): string[] {
  return files
    .map(({ name }) => name)
    .filter((name) => !existsSync(join(directory, name)) && !existsSync(join(directory, `${name}.gz`)));
}

function cachedDirectory(): string {
  return join(cacheDirectory(), 'fashion-mnist');
}

async function fetchFashionMnist(onProgress: (line: string) => void): Promise<FoundData> {
  const directory = cachedDirectory();
  const onWait = (pid: number) => onProgress(`Another process (${pid}) fetches the data; waiting for it`);
  return withCacheLock('fashion-mnist', onWait, async (workDirectory) => {
    if (missingFiles(directory).length === 0) return { directory, source: 'cache' };
    const tried: string[] = [`${systemDirectory}: not there`, `${directory}: not there`];
    const ways = [
      { source: 'upstream', place: upstream, fetch: fetchUpstream },
      { source: 'Debian package', place: `apt-get download ${debianPackage}`, fetch: fetchDebian },
    ];
    for (const { source, place, fetch } of ways) {
      try {
        const prepared = join(workDirectory, source.replaceAll(' ', '-'));
        await mkdir(prepared, { recursive: true });
        await fetch(prepared, onProgress);
        await verifyFashionMnist(prepared);
        await moveAway(directory, workDirectory);
        await rename(prepared, directory);
        return { directory, source };
      } catch (error) {
        tried.push(`${place}: ${reasonOf(error)}`);
      }
    }
    throw new RunnerError([{ kind: 'environment', reason: 'data-not-found', tried }]);
  });
}

function reasonOf(error: unknown): string {
  const problem = error instanceof RunnerError ? error.problems[0] : undefined;
  if (problem?.reason === 'data-corrupt') return problem.detail;
  return error instanceof Error ? error.message : String(error);
}

async function fetchUpstream(prepared: string, onProgress: (line: string) => void): Promise<void> {
  onProgress(`Downloading Fashion-MNIST from ${new URL(upstream).host}`);
  for (const { name } of files) {
    await downloadFile(`${upstream}/${name}.gz`, join(prepared, `${name}.gz`), (bytes, total) =>
      onProgress(
        `Downloading ${name}: ${(bytes / 1e6).toFixed(1)}${total === null ? '' : ` of ${(total / 1e6).toFixed(1)}`} MB`,
      ),
    );
  }
}

/** Debian's package without root: with lists and cache of its own, unpacked rather than installed. */
async function fetchDebian(prepared: string, onProgress: (line: string) => void): Promise<void> {
  const apt = join(prepared, 'apt');
  const folders = { lists: join(apt, 'lists'), cache: join(apt, 'cache'), files: join(apt, 'files') };
  for (const folder of [
    join(folders.lists, 'partial'),
    join(folders.cache, 'archives', 'partial'),
    folders.files,
  ]) {
    await mkdir(folder, { recursive: true });
  }
  const options = ['-o', `Dir::State::Lists=${folders.lists}`, '-o', `Dir::Cache=${folders.cache}`];
  options.push('-o', 'APT::Sandbox::User=', '-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::Retries=1');
  onProgress("Reading the lists of Debian's archive");
  await succeed('apt-get', [...options, '--quiet', 'update'], folders.files);
  onProgress(`Downloading Debian's package ${debianPackage} (31 MB)`);
  await succeed('apt-get', [...options, '--quiet', 'download', debianPackage], folders.files);
  const archive = (await readdir(folders.files)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('nothing was downloaded');
  const unpacked = join(apt, 'unpacked');
  await succeed('dpkg-deb', ['-x', archive, unpacked], folders.files);
  for (const { name } of files) {
    await rename(join(unpacked, systemDirectory, `${name}.gz`), join(prepared, `${name}.gz`));
  }
  await moveAway(apt, join(prepared, '..'));
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, notFound, output } = await runCommand(command, args, { cwd });
  if (notFound) throw new Error(`no such command as ${command}`);
  const lines = output.trim().split('\n');
  const error = lines.filter((line) => line.startsWith('E: ')).at(-1) ?? lines.at(-1);
  if (code !== 0) throw new Error(error ?? `${command} ended with ${code}`);
}
