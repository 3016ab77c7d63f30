import { expect, test } from 'vitest';
import { graphFunction } from '../../src/engine/graph-function.js';
import { tf, type Tensor1D, type Tensor2D } from '../../src/engine/tfjs.js';
import { DeviceImages } from '../../src/train/device-images.js';
import { normalizeImages, prepareBatch, resizeImages, selectBatch } from '../../src/train/pipeline.js';
import { imageFacts } from '../facts.js';
import { paramsOf } from '../params.js';

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

test.each([20, 28, 40])(
  'at %i pixels a recorded batch is the one made operation by operation',
  (resolution) => {
    const count = 12;
    const bytes = Uint8Array.from({ length: count * 784 }, (_, index) => (index * 7919) % 256);
    const labels = Uint8Array.from({ length: count }, (_, index) => index % 10);
    const images = new DeviceImages({ images: bytes, labels }, [28, 28, 1]);
    const params = { ...paramsOf({ normalization: 'standardized' }), resolution };
    const make = graphFunction((...inputs) => {
      const [images, labels, indices] = inputs as [Tensor2D, Tensor1D, Tensor1D];
      const batch = prepareBatch([images, labels, indices], params, imageFacts, null);
      return [batch.images, batch.labels];
    });
    const source = images.batch(Int32Array.of(11, 3, 0, 5));
    const calls = [1, 2, 3].map(() => make(...source).map((tensor) => tensor.dataSync()));
    expect(calls[0]![0]).toHaveLength(4 * resolution ** 2);
    expect([...calls[0]![1]!]).toEqual([1, 3, 0, 5]);
    for (const call of calls.slice(1)) expect(call).toEqual(calls[0]);
    images.dispose();
  },
);

test('images whose bytes do not fill integers of four come out as they went in', () => {
  const bytes = Uint8Array.from({ length: 3 * 5 * 7 }, (_, index) => index);
  const images = new DeviceImages({ images: bytes, labels: Uint8Array.of(0, 1, 2) }, [5, 7, 1]);
  const batch = selectBatch(images.batch(Int32Array.of(2, 0)), [5, 7, 1]);
  expect(batch.images.shape).toEqual([2, 5, 7, 1]);
  expect([...batch.images.dataSync()]).toEqual([...bytes.subarray(70), ...bytes.subarray(0, 35)]);
  images.dispose();
});
