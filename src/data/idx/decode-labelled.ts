import type { LoadedImages } from '../dataset.js';
import { corruptFile } from '../find/corrupt-file.js';
import { decodeIdx } from './idx.js';
import type { ReadFile } from './read-idx-file.js';

export interface LabelledIdx {
  /** Of the data set. */
  readonly title: string;
  readonly images: ReadFile;
  /** [N, height, width], or [N, height, width, channels] in colour. */
  readonly imageShape: readonly number[];
  readonly labels: ReadFile;
  readonly classes: number;
  /** What the file calls the first class. */
  readonly firstLabel: number;
}

/**
 * The images and labels of two IDX files. Labels count from 0 afterwards.
 * @throws RunnerError `data-corrupt`
 */
export function decodeLabelled(request: LabelledIdx): LoadedImages {
  const { title, images, imageShape, labels, classes, firstLabel } = request;
  return {
    images: decodeShaped(title, images, imageShape),
    labels: decodeLabels(title, labels, imageShape[0]!, classes, firstLabel),
  };
}

function decodeShaped(title: string, { path, bytes }: ReadFile, expected: readonly number[]): Uint8Array {
  try {
    const { shape, values } = decodeIdx(bytes);
    if (shape.join() === expected.join()) return values;
    throw new Error(`it holds ${shape.join('×')} values, expected ${expected.join('×')}`);
  } catch (error) {
    throw corruptFile(title, path, (error as Error).message);
  }
}

function decodeLabels(
  title: string,
  file: ReadFile,
  count: number,
  classes: number,
  firstLabel: number,
): Uint8Array {
  const found = decodeShaped(title, file, [count]);
  const labels = firstLabel === 0 ? found : found.map((label) => label - firstLabel); // below 0 becomes 255
  const stray = labels.findIndex((label) => label >= classes);
  if (stray < 0) return labels;
  throw corruptFile(
    title,
    file.path,
    `the label of image ${stray} (the first is 0) is ${found[stray]}, expected ${firstLabel} to ${firstLabel + classes - 1}`,
  );
}
