import { expect, test } from 'vitest';
import type { Rank } from '@tensorflow/tfjs-node-gpu';
import { tf, type Tensor4D } from '../../src/engine/tfjs.js';
import { augment as augmentExamples } from '../../src/train/augment.js';

type RestOfAugment = Parameters<typeof augmentExamples> extends [unknown, ...infer Rest] ? Rest : never;

/** The images alone. */
const augment = (images: Tensor4D, ...rest: RestOfAugment) =>
  augmentExamples({ images, targets: null }, ...rest).images;

const mask = {
  name: 'randomMask',
  probability: 1,
  area: [0.1, 0.2],
  aspectRatio: [0.5, 2],
  fill: 0,
} as const;

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

test('a random crop shifts each image whole, either way and by no more than the padding, and fills', () => {
  const images = tf.fill<Rank.R4>([300, 8, 8, 1], 1);
  const crops = augment(images, [{ name: 'randomCrop', padding: 0.25, fill: 0 }], () => [1, 2]).squeeze([3]);
  const shifts = (crops.arraySync() as number[][][]).map((image) => {
    const rows = image.map((row) => Math.max(...row));
    const columns = image[0]!.map((_, x) => Math.max(...image.map((row) => row[x]!)));
    const empty = (line: number[]) => line.filter((value) => value === 0).length;
    for (const [y, row] of image.entries())
      for (const [x, pixel] of row.entries()) expect(pixel).toBe(rows[y]! * columns[x]!);
    const shift = (line: number[]) => (line[0] === 0 ? 1 : -1) * empty(line);
    return [shift(rows), shift(columns)] as const;
  });
  const seen = new Set(shifts.map(([dy]) => dy + 0));
  expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  expect(new Set(shifts.map(([, dx]) => dx + 0)).size).toBe(5);
  expect(shifts.some(([dy, dx]) => dy !== dx)).toBe(true);
});

test('a random crop keeps the picture: what stays is where the shift puts it', () => {
  const images = tf.range(0, 64).reshape([1, 8, 8, 1]).tile<Tensor4D>([50, 1, 1, 1]);
  const crops = augment(images, [{ name: 'randomCrop', padding: 0.25, fill: -1 }], () => [3, 4]).squeeze([3]);
  for (const image of crops.arraySync() as number[][][]) {
    const shifts = image.flatMap((row, y) =>
      row.flatMap((value, x) => (value < 0 ? [] : [(value >> 3) - y + 100 * ((value & 7) - x)])),
    );
    expect(new Set(shifts).size).toBe(1);
  }
});

test('brightness adds one number to an image and clips; contrast scales about the mean and clips', () => {
  const images = tf.tensor4d([0.4, 0.6, 0.5, 0.5], [1, 2, 2, 1]).tile<Tensor4D>([400, 1, 1, 1]);
  const values = (name: 'randomBrightness' | 'randomContrast', delta: number) =>
    augment(images, [{ name, delta }], () => [5, 6])
      .reshape([400, 4])
      .arraySync() as number[][];
  const added = values('randomBrightness', 0.2).map(([a, b, c]) => {
    expect(b! - a!).toBeCloseTo(0.2, 6);
    return c! - 0.5;
  });
  expect(Math.max(...added)).toBeGreaterThan(0.19);
  expect(Math.min(...added)).toBeLessThan(-0.19);
  expect(Math.max(...added.map(Math.abs))).toBeLessThanOrEqual(0.2 + 1e-6);
  const factors = values('randomContrast', 0.5).map(([a, b, c]) => {
    expect(c).toBeCloseTo(0.5, 6);
    expect(a! + b!).toBeCloseTo(1, 6);
    return (b! - a!) / 0.2;
  });
  expect(Math.max(...factors)).toBeGreaterThan(1.48);
  expect(Math.min(...factors)).toBeLessThan(0.52);
  for (const name of ['randomBrightness', 'randomContrast'] as const) {
    const wide = augment(
      images,
      [
        { name, delta: 1 },
        { name, delta: 1 },
      ],
      (index) => [index, 7],
    ).dataSync();
    expect(Math.min(...wide)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...wide)).toBeLessThanOrEqual(1);
  }
});

test('cutout overwrites a square of its size, cut at the borders, its centre anywhere', () => {
  const images = tf.fill<Rank.R4>([500, 12, 12, 1], 1);
  const options = { name: 'cutout', probability: 1, size: 0.5, fill: 0 } as const;
  const cut = augment(images, [options], () => [7, 8]).squeeze([3]);
  const sizes = (cut.arraySync() as number[][][]).map((image) => {
    const rows = image.filter((row) => row.includes(0)).length;
    const columns = image[0]!.filter((_, x) => image.some((row) => row[x] === 0)).length;
    expect(image.flat().filter((pixel) => pixel === 0)).toHaveLength(rows * columns);
    return [rows, columns] as const;
  });
  expect(Math.max(...sizes.flat())).toBe(6);
  expect(Math.min(...sizes.flat())).toBe(3); // the centre is in the last row
  expect(sizes.filter(([rows, columns]) => rows === 6 && columns === 6).length).toBeGreaterThan(100);
});

test('mixup mixes images and targets by the same share, the larger one the own, and its draws follow beta', () => {
  const [one, other] = [tf.fill<Rank.R4>([1, 2, 2, 1], 0), tf.fill<Rank.R4>([1, 2, 2, 1], 1)];
  const images = tf.concat([one, other]);
  const targets = tf.tensor2d([
    [1, 0],
    [0, 1],
  ]);
  const shares = Array.from({ length: 200 }, (_, draw) => {
    const mixed = augmentExamples({ images, targets }, [{ name: 'mixup', alpha: 0.2 }], () => [draw, 9]);
    const [own, partner] = mixed.targets!.dataSync();
    expect(own! + partner!).toBeCloseTo(1, 6);
    expect(mixed.images.dataSync()[0]).toBeCloseTo(partner!, 6);
    return own!;
  });
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.5);
  // Of Beta(0.2, 0.2), the larger share is above 0.99 with probability 0.42, by SciPy: 2 · beta.cdf(0.01, 0.2, 0.2).
  const nearOne = shares.filter((share) => share > 0.99).length / 200;
  expect(nearOne).toBeGreaterThan(0.31);
  expect(nearOne).toBeLessThan(0.53);
});
