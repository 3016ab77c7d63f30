import { expect, test } from 'vitest';
import { tf } from '../../src/engine/tfjs.js';
import { normalizeImages, resizeImages } from '../../src/train/pipeline.js';

test('resizes with half-pixel centres, as tf.image.resize, and divides by 255', () => {
  const row = tf.tensor4d([0, 255], [1, 1, 2, 1]); // one row of two pixels, resized to 4 × 4
  expect([...resizeImages(row, 4).slice([0, 0, 0, 0], [1, 1, 4, 1]).dataSync()]).toEqual([0, 0.25, 0.75, 1]);
});

test('normalisation: 0 to 1, −1 to 1, or mean 0 and deviation 1 over the training set', () => {
  const [mean, deviation] = [0.286, 0.353];
  const images = tf.tensor4d([0, 0.5, 1, mean], [1, 2, 2, 1]);
  const facts = { mean: [mean], deviation: [deviation] };
  const of = (name: Parameters<typeof normalizeImages>[1]) => [
    ...normalizeImages(images, name, facts).dataSync(),
  ];
  expect(of('unit')).toEqual([0, 0.5, 1, Math.fround(mean)]);
  expect(of('symmetric').slice(0, 3)).toEqual([-1, 0, 1]);
  expect(of('standardized')[3]).toBeCloseTo(0, 6);
  expect(of('standardized')[2]).toBeCloseTo((1 - mean) / deviation, 5);
});
