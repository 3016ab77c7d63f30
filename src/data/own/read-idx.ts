import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { count } from '../../diagnostics/count.js';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { decodeIdx } from '../idx/idx.js';
import type { OwnEntry } from './own-entry.js';
import type { OwnImage, PartName } from './own-dataset.js';
import { toGrey } from './to-grey.js';

/** What IDX files hold. */
export interface IdxContent {
  readonly images: Readonly<Record<PartName, readonly OwnImage[] | null>>;
  readonly channels: 1 | 3;
  /** Smallest and largest label, as the files have them. */
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Reads `idx`: images [N, H, W] or [N, H, W, 3] and labels [N], plain or gzipped.
 * @throws RunnerError `data-corrupt`, `counts-differ`
 */
export function readIdx(entry: OwnEntry, folder: string): IdxContent {
  const { trainImages, trainLabels, testImages, testLabels } = entry.files;
  const train = readPart(entry, folder, trainImages, trainLabels);
  const isThere = (name: string | null): boolean => name !== null && fileOf(folder, name) !== null;
  const hasTest = testImages !== null && testLabels !== null && (isThere(testImages) || isThere(testLabels));
  const test = hasTest ? readPart(entry, folder, testImages, testLabels) : null;
  if (test && test.channels !== train.channels)
    throw corrupt(
      entry,
      join(folder, testImages!),
      `its images have ${count(test.channels, 'channel')}, those of training ${train.channels}`,
    );
  const labels = [...train.labels, ...(test?.labels ?? [])];
  return {
    images: { train: train.images, val: null, test: test?.images ?? null },
    channels: train.channels,
    lowest: labels.reduce((a, b) => Math.min(a, b), Infinity),
    highest: labels.reduce((a, b) => Math.max(a, b), -Infinity),
  };
}

function readPart(entry: OwnEntry, folder: string, imagesName: string, labelsName: string) {
  const images = readArray(entry, folder, imagesName);
  const labels = readArray(entry, folder, labelsName);
  const [number, height, width, channels = 1] = images.shape;
  const isColour = channels === 3;
  const depth: 1 | 3 = isColour ? 3 : 1;
  const isImages = images.shape.length >= 3 && images.shape.length <= 4 && (channels === 1 || isColour);
  if (!isImages || labels.shape.length !== 1) {
    const wrong = isImages ? labels : images;
    const expected = isImages
      ? 'labels: one dimension'
      : 'images: three dimensions, or four with 1 or 3 channels';
    throw corrupt(entry, wrong.path, `it holds ${wrong.shape.join('×')} values, expected ${expected}`);
  }
  if (labels.shape[0] !== number)
    throw new RunnerError([
      {
        kind: 'environment',
        reason: 'counts-differ',
        images: basename(images.path),
        labels: basename(labels.path),
        imageCount: number!,
        labelCount: labels.shape[0]!,
      },
    ]);
  if (number === 0) throw corrupt(entry, images.path, 'it holds no images');
  const size = height! * width! * channels;
  const isGreyed = isColour && entry.channels === 1;
  const [rows, columns] = entry.transpose ? [width!, height!] : [height!, width!];
  return {
    channels: depth,
    labels: labels.values,
    images: Array.from({ length: number! }, (_, index): OwnImage => {
      const own = images.values.subarray(index * size, (index + 1) * size);
      const upright = entry.transpose ? transpose(own, height!, width!, channels) : own;
      const pixels = isGreyed ? toGrey(upright) : upright;
      return {
        label: labels.values[index]! - entry.firstLabel,
        sha256: createHash('sha256').update(pixels).digest('hex'),
        group: null,
        name: `${basename(images.path)}, image ${index}`,
        width: columns,
        height: rows,
        from: { pixels },
      };
    }),
  };
}

/** Rows and columns changed, as EMNIST's images must be. */
export function transpose(pixels: Uint8Array, height: number, width: number, channels: number): Uint8Array {
  const result = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++)
        result[(x * height + y) * channels + channel] = pixels[(y * width + x) * channels + channel]!;
  return result;
}

function readArray(entry: OwnEntry, folder: string, name: string) {
  const path = fileOf(folder, name);
  if (path === null) throw corrupt(entry, join(folder, name), 'it is not there, neither plain nor with .gz');
  try {
    const content = readFileSync(path);
    const isPacked = content[0] === 0x1f && content[1] === 0x8b;
    return { path, ...decodeIdx(isPacked ? gunzipSync(content) : content) };
  } catch (error) {
    throw corrupt(entry, path, (error as Error).message);
  }
}

const fileOf = (folder: string, name: string): string | null =>
  [join(folder, name), join(folder, `${name}.gz`)].find((path) => existsSync(path)) ?? null;

function corrupt({ name: title }: OwnEntry, path: string, detail: string): RunnerError {
  return new RunnerError([{ kind: 'environment', reason: 'data-corrupt', title, path, detail, isOwn: true }]);
}
