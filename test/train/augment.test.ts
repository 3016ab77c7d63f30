import { expect, test } from 'vitest';
import type { Rank } from '@tensorflow/tfjs-node-gpu';
import { tf, type Tensor4D } from '../../src/engine/tfjs.js';
import { augment, normalizeImages } from '../../src/train/augment.js';
import { shuffledIndices } from '../../src/train/random-streams.js';

const mask = {
  name: 'randomMask',
  probability: 1,
  area: [0.1, 0.2],
  aspectRatio: [0.5, 2],
  fill: 0,
} as const;

test('resizes with half-pixel centres, as tf.image.resize, and divides by 255', () => {
  const row = tf.tensor4d([0, 255], [1, 1, 2, 1]); // one row of two pixels, resized to 4 × 4
  expect([...normalizeImages(row, 4).slice([0, 0, 0, 0], [1, 1, 4, 1]).dataSync()]).toEqual([
    0, 0.25, 0.75, 1,
  ]);
});

test('flips every image at probability 1, none at 0, about half at 0.5, and each whole', () => {
  const images = tf.range(0, 4).reshape([1, 1, 4, 1]).tile<Tensor4D>([1000, 1, 1, 1]);
  const flippedShare = (probability: number) => {
    const first = augment(images, [{ name: 'horizontalFlip', probability }], () => [5, 6])
      .slice([0, 0, 0, 0], [1000, 1, 1, 1])
      .dataSync();
    expect([...first].every((pixel) => pixel === 0 || pixel === 3)).toBe(true);
    return first.filter((pixel) => pixel === 3).length / 1000;
  };
  expect(flippedShare(1)).toBe(1);
  expect(flippedShare(0)).toBe(0);
  expect(flippedShare(0.5)).toBeGreaterThan(0.45);
  expect(flippedShare(0.5)).toBeLessThan(0.55);
});

test('masks one rectangle an image, its area within the bounds up to rounding, and fills it', () => {
  const images = tf.fill<Rank.R4>([500, 28, 28, 1], 1);
  const masked = augment(images, [{ ...mask, fill: 0.25 }], () => [7, 8]).squeeze([3]);
  const pixels = masked.arraySync() as number[][][];
  for (const image of pixels) {
    const hits = image.flatMap((row, y) =>
      row.flatMap((pixel, x) => (pixel === 0.25 ? [[y, x] as const] : [])),
    );
    const [ys, xs] = [hits.map(([y]) => y), hits.map(([, x]) => x)];
    const box = (Math.max(...ys) - Math.min(...ys) + 1) * (Math.max(...xs) - Math.min(...xs) + 1);
    expect(hits.length).toBe(box);
    expect(box / 784).toBeGreaterThan(0.08);
    expect(box / 784).toBeLessThan(0.23);
  }
});

test('a shuffle is a permutation that depends on seed and epoch only', () => {
  const order = shuffledIndices(1000, 2017, 1);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  expect(shuffledIndices(1000, 2017, 1)).toEqual(order);
  expect(shuffledIndices(1000, 2017, 2)).not.toEqual(order);
  expect(shuffledIndices(1000, 2018, 1)).not.toEqual(order);
});
