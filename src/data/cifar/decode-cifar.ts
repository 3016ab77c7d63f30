import { count } from '../../diagnostics/count.js';
import type { LoadedImages } from '../dataset.js';

export const side = 32; // pixels of an image
export const channels = 3;
const plane = side * side;

export interface CifarFormat {
  /** Bytes before each image; the last of them is its label. */
  readonly labelBytes: 1 | 2;
  readonly classes: number;
}

/** Bytes of a file with this number of images. */
export function cifarSize(images: number, { labelBytes }: CifarFormat): number {
  return images * (labelBytes + channels * plane);
}

/**
 * Decodes a file of CIFAR's binary version: for each image its label, then all of its reds, greens and blues, row by row.
 * https://www.cs.toronto.edu/~kriz/cifar.html
 * @param images how many it should hold
 * @throws Error that says what is wrong with the bytes
 */
export function decodeCifar(bytes: Uint8Array, images: number, format: CifarFormat): LoadedImages {
  const expected = cifarSize(images, format);
  if (bytes.length !== expected)
    throw new Error(
      `it has ${count(bytes.length, 'byte')}, ${count(images, 'image')} ${images === 1 ? 'needs' : 'need'} ${expected}`,
    );
  const pixels = new Uint8Array(images * channels * plane);
  const labels = new Uint8Array(images);
  let target = 0;
  for (let image = 0; image < images; image++) {
    const start = cifarSize(image, format) + format.labelBytes;
    const label = bytes[start - 1]!;
    if (label >= format.classes)
      throw new Error(
        `the label of image ${image} (the first is 0) is ${label}, expected 0 to ${format.classes - 1}`,
      );
    labels[image] = label;
    for (let at = start; at < start + plane; at++) {
      pixels[target++] = bytes[at]!;
      pixels[target++] = bytes[at + plane]!;
      pixels[target++] = bytes[at + 2 * plane]!;
    }
  }
  return { images: pixels, labels };
}
