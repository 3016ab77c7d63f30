import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { downloadFile } from '../../system/download-file.js';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { cacheDirectory, isCacheShared } from '../../system/cache-directory.js';
import { withCacheLock } from '../../system/cache-lock.js';
import { renamePath } from '../../system/rename-path.js';
import { count } from '../../diagnostics/count.js';

export interface ImagenetWeightsFile {
  readonly fileName: string;
  readonly url: string;
}

export interface FoundWeights {
  readonly path: string;
  readonly sha256: string;
}

export interface FindWeightsOptions {
  readonly weightsDir?: string | undefined;
  readonly alpha: number;
  readonly resolution: number;
  readonly onProgress: (line: string) => void;
}

const host = 'https://storage.googleapis.com/tensorflow/keras-applications/mobilenet';
const alphaNames = new Map([
  [1, '1_0'],
  [0.75, '7_5'],
  [0.5, '5_0'],
  [0.25, '2_5'],
]);
const sizes = [128, 160, 192, 224];

/** Of the files at hand when this was written. The hash of any other is part of the trial's identity all the same. */
const knownSha256: Readonly<Record<string, string>> = {
  'mobilenet_2_5_224_tf_no_top.h5': 'dbdb03ee2a22fd895301636cd328b234bb3a9952358f436d82f46b81e0d5b0bf',
};

/**
 * The file that Keras takes for a width multiplier and an image size: trained at that size where there is such
 * a file, at 224 otherwise.
 */
export function imagenetWeightsFile(alpha: number, resolution: number): ImagenetWeightsFile {
  const width = alphaNames.get(alpha);
  if (width === undefined) {
    throw new RangeError(`Expected alpha to be one of ${[...alphaNames.keys()].join(', ')}, got ${alpha}`);
  }
  const fileName = `mobilenet_${width}_${sizes.includes(resolution) ? resolution : 224}_tf_no_top.h5`;
  return { fileName, url: `${host}/${fileName}` };
}

/**
 * The weight file on this machine: in the folder that is named, in Keras' cache, in ours; it is downloaded into
 * ours where it is nowhere.
 * @throws RunnerError `bad-weights-dir`, `weights-not-found`, `weights-corrupt`
 */
export async function findWeights(options: FindWeightsOptions): Promise<FoundWeights> {
  const { weightsDir, alpha, resolution } = options;
  const file = imagenetWeightsFile(alpha, resolution);
  const path = locateWeights(weightsDir, file.fileName) ?? (await downloadWeights(file, options));
  return { path, sha256: hashWeights(path, file.fileName) };
}

/**
 * The same without downloading: null where the file is not on this machine. The hash of a file is computed once per
 * process.
 * @throws RunnerError `bad-weights-dir`, `weights-corrupt`
 */
export function peekWeights(
  weightsDir: string | undefined,
  alpha: number,
  resolution: number,
): FoundWeights | null {
  const { fileName } = imagenetWeightsFile(alpha, resolution);
  const path = locateWeights(weightsDir, fileName);
  return path === null ? null : { path, sha256: hashWeights(path, fileName) };
}

function locateWeights(weightsDir: string | undefined, fileName: string): string | null {
  const paths = searchFolders(weightsDir).map((folder) => join(folder, fileName));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** The named folder, Keras' own cache, then ours. Keras' is one user's on one machine, so a cache that machines share does without. */
function searchFolders(weightsDir: string | undefined): string[] {
  const named = weightsDir ?? (process.env.RUNNER_WEIGHTS_DIR || undefined);
  if (named !== undefined && !existsSync(named)) {
    const from = weightsDir === undefined ? 'RUNNER_WEIGHTS_DIR' : '--weights-dir';
    throw new RunnerError([{ kind: 'environment', reason: 'bad-weights-dir', path: named, from }]);
  }
  const keras = isCacheShared() ? null : kerasModels();
  return [...(named === undefined ? [] : [named]), ...(keras ? [keras] : []), weightsCache()];
}

function kerasModels(): string | null {
  try {
    return join(process.env.KERAS_HOME || join(homedir(), '.keras'), 'models');
  } catch {
    return null; // a user without a home
  }
}

function weightsCache(): string {
  return join(cacheDirectory(), 'weights');
}

async function downloadWeights(
  { fileName, url }: ImagenetWeightsFile,
  { weightsDir, onProgress }: FindWeightsOptions,
): Promise<string> {
  const path = join(weightsCache(), fileName);
  const onWait = (pid: number) =>
    onProgress(`Another process (${pid}) is downloading weights; waiting for it`);
  return withCacheLock('weights', onWait, async (workDirectory) => {
    if (existsSync(path)) return path;
    const partial = join(workDirectory, fileName);
    const keras = kerasModels(); // looked at here where the cache is shared
    const isInKeras = keras !== null && existsSync(join(keras, fileName));
    onProgress(`${isInKeras ? 'Copying' : 'Downloading'} ${fileName}`);
    try {
      if (isInKeras) await copyFile(join(keras, fileName), partial);
      else
        await downloadFile(url, partial, (bytes, total) =>
          onProgress(
            `Downloading ${fileName}: ${(bytes / 1e6).toFixed(1)}${total === null ? '' : ` of ${(total / 1e6).toFixed(1)}`} MB`,
          ),
        );
    } catch (error) {
      const tried = [
        ...searchFolders(weightsDir).map((folder) => `${folder}: not there`),
        `${url}: ${(error as Error).message}`,
      ];
      throw new RunnerError([
        { kind: 'environment', reason: 'weights-not-found', fileName, url, folder: weightsCache(), tried },
      ]);
    }
    hashWeights(partial, fileName);
    await mkdir(weightsCache(), { recursive: true });
    await renamePath(partial, path);
    return path;
  });
}

const maximumBytes = 100_000_000;
const hdf5Signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
const hashes = new Map<string, string>();

/** @throws RunnerError `weights-corrupt` */
function hashWeights(path: string, fileName: string): string {
  const corrupt = (detail: string) =>
    new RunnerError([{ kind: 'environment', reason: 'weights-corrupt', path, detail }]);
  const found = statSync(path);
  const { size, mtimeMs } = found;
  // A pipe would be waited for; width 1.0 takes 13 MB.
  if (!found.isFile()) throw corrupt('it is not a regular file');
  if (size > maximumBytes)
    throw corrupt(`it has ${count(size, 'byte')}, more than any file of Keras’ MobileNet`);
  const key = `${path}\0${size}\0${mtimeMs}`;
  const remembered = hashes.get(key);
  if (remembered !== undefined) return remembered;
  const content = readFileSync(path); // 1 to 13 MB
  if (!content.subarray(0, 8).equals(hdf5Signature)) throw corrupt('it is not an HDF5 file');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const known = knownSha256[fileName];
  if (known !== undefined && sha256 !== known) throw corrupt(`its SHA-256 is ${sha256}, not ${known}`);
  hashes.set(key, sha256);
  return sha256;
}
