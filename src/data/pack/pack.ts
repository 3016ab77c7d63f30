/**
 * Packs: a data set's images decoded once, at one size, in files that trials read. They lie in the cache, and can be made
 * again at any time. A pack is made beside its place and renamed into it, so a killed process leaves none behind.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, statfs, utimes, writeFile } from 'node:fs/promises';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { cacheDirectory } from '../../system/cache-directory.js';
import { moveAway, withCacheLock } from '../../system/cache-lock.js';
import { renamePath } from '../../system/rename-path.js';
import type { ImageFacts } from '../dataset.js';
import { keepVerdicts } from '../own/manifest.js';
import { decodeVersion, partNames, type OwnDataset, type OwnImage } from '../own/own-dataset.js';
import { decodeFiles } from './decode-files.js';
import { fitPixels } from './decode-image.js';
import { PixelSums } from './pixel-sums.js';
import { writeFully } from './write-fully.js';
import { rowBytesOf, type PackMeta } from './open-pack.js';

/** One data set at one size. */
export interface PackOptions {
  /** Side of the images, pixels. */
  readonly side: number;
  readonly fit: 'crop' | 'stretch' | 'pad';
}

/** A square of small images is packed as it is: one pack serves every resolution. */
const smallSide = 64;

/** The pack that trials of a resolution need. */
export function packFor(
  { side }: Pick<OwnDataset, 'side'>,
  resolution: number,
  fit: PackOptions['fit'],
): PackOptions {
  if (side !== null && (side <= resolution || side <= smallSide)) return { side, fit: 'crop' };
  return { side: resolution, fit: side === null ? fit : 'crop' };
}

export const packsDirectory = (): string => join(cacheDirectory(), 'data', 'packs');

/** Of the lock under which packs of a data set are made and removed. @param sha256 of the data set */
export const dataLockName = (sha256: string): string => `data-${sha256.slice(0, 16)}`;

export function packDirectory(sha256: string, { side, fit }: PackOptions): string {
  const key = createHash('sha256').update(`${sha256} ${side} ${fit} ${decodeVersion}`).digest('hex');
  return join(packsDirectory(), key);
}

/** Bytes of all parts. */
export function packBytes({ train, val, test, decoding }: OwnDataset, { side }: PackOptions): number {
  const images = train.count + (val?.count ?? 0) + (test?.count ?? 0);
  return images * rowBytesOf(side, decoding.channels);
}

export const hasPack = (dataset: OwnDataset, options: PackOptions): boolean =>
  isWhole(packDirectory(dataset.sha256, options));

/**
 * The folder of a pack, made where it is not there.
 * @param onProgress images decoded, of all
 * @param signal ends it: what was made is removed, and the signal's reason is thrown
 * @throws RunnerError `bad-images` with all that cannot be decoded, `data-changed`, `no-room`, `cache-unusable`
 */
export async function ensurePack(
  dataset: OwnDataset,
  options: PackOptions,
  onProgress: (done: number, total: number) => void,
  onWait: (pid: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const directory = packDirectory(dataset.sha256, options);
  if (isWhole(directory)) {
    const now = new Date();
    await utimes(directory, now, now).catch(() => {}); // when it was last used
    return directory;
  }
  const make = async (workDirectory: string): Promise<string> => {
    if (isWhole(directory)) return directory;
    await checkRoom(packBytes(dataset, options));
    const prepared = join(workDirectory, 'pack');
    await mkdir(prepared);
    const total = partNames.reduce((sum, part) => sum + (dataset.parts[part]?.length ?? 0), 0);
    let before = 0;
    let moments: Pick<ImageFacts, 'mean' | 'deviation'> = { mean: [], deviation: [] };
    const bad: string[] = [];
    const verdicts = new Map<string, string | null>();
    for (const part of partNames) {
      const images = dataset.parts[part];
      if (images === null) continue;
      const output = join(prepared, `${part}.images`);
      const tell = (done: number) => onProgress(before + done, total);
      const own = await writePart(dataset, options, images, output, tell, signal);
      before += images.length;
      for (const image of images) verdicts.set(image.sha256, null);
      for (const [image, why] of own.bad) {
        bad.push(`\`${image.name}\`: ${why}`);
        verdicts.set(image.sha256, why);
      }
      const labels = Uint16Array.from(images, ({ label }) => label);
      await writeFile(join(prepared, `${part}.labels`), new Uint8Array(labels.buffer));
      if (part === 'train') moments = own.sums.moments(images.length * options.side ** 2);
    }
    if (dataset.manifest !== null) await keepVerdicts(dataset.manifest, verdicts);
    if (bad.length > 0)
      throw new RunnerError([
        { kind: 'environment', reason: 'bad-images', title: dataset.title, total, images: bad.sort() },
      ]);
    const { sha256, classes, decoding, name, source, parts } = dataset;
    const meta: PackMeta = {
      version: 1,
      sha256,
      name,
      source,
      shape: [options.side, options.side, decoding.channels],
      classes,
      ...moments,
      counts: {
        train: parts.train!.length,
        val: parts.val?.length ?? null,
        test: parts.test?.length ?? null,
      },
    };
    await writeFile(join(prepared, 'meta.json'), `${JSON.stringify(meta, null, 2)}\n`);
    await mkdir(dirname(directory), { recursive: true });
    await moveAway(directory, workDirectory);
    await renamePath(prepared, directory);
    return directory;
  };
  return withCacheLock(dataLockName(dataset.sha256), onWait, make, signal);
}

/** It was renamed into its place when it was whole, and nobody has cut or removed a part of it since. */
function isWhole(directory: string): boolean {
  try {
    const meta = JSON.parse(readFileSync(join(directory, 'meta.json'), 'utf8')) as PackMeta;
    const [side, , channels] = meta.shape;
    const hasSize = (name: string, bytes: number) => statSync(join(directory, name)).size === bytes;
    return partNames.every((part) => {
      const images = meta.counts[part];
      if (images === null) return true;
      return (
        hasSize(`${part}.images`, images * rowBytesOf(side, channels)) &&
        hasSize(`${part}.labels`, 2 * images)
      );
    });
  } catch {
    return false; // none, or a damaged one
  }
}

async function checkRoom(bytes: number): Promise<void> {
  const path = cacheDirectory();
  await mkdir(path, { recursive: true });
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  if (free < bytes * 1.05)
    throw new RunnerError([{ kind: 'environment', reason: 'no-room', path, bytes, free }]);
}

interface WrittenPart {
  readonly bad: readonly (readonly [image: OwnImage, why: string])[];
  readonly sums: PixelSums;
}

async function writePart(
  dataset: OwnDataset,
  { side, fit }: PackOptions,
  images: readonly OwnImage[],
  output: string,
  onProgress: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<WrittenPart> {
  const target = { side, fit, ...dataset.decoding };
  const rowBytes = rowBytesOf(side, target.channels);
  const file = await open(output, 'w');
  try {
    await file.truncate(images.length * rowBytes);
    if (images.some(({ from }) => 'file' in from)) {
      const { title, source: folder } = dataset;
      const request = { images, target, output, rowBytes, onProgress, title, folder, signal };
      const decoded = await decodeFiles(request);
      await file.sync(); // a crash of the machine leaves no pack of zeros
      return decoded;
    }
    const sums = new PixelSums(target.channels);
    for (const [index, { from, width, height }] of images.entries()) {
      if (!('pixels' in from)) continue;
      signal?.throwIfAborted();
      const own = { bytes: from.pixels, width, height, channels: target.channels };
      const isReady = width === side && height === side;
      const bytes = isReady ? own.bytes : fitPixels(own, side, fit, target.background);
      sums.add(bytes);
      writeFully(file.fd, bytes, index * rowBytes);
      if (index % 1000 === 0) onProgress(index);
    }
    await file.sync();
    return { bad: [], sums };
  } finally {
    await file.close();
  }
}
