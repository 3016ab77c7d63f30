import { expect, test } from 'vitest';
import mixup from '../../../src/augmentations/definitions/mixup.js';
import { tf } from '../../../src/engine/tfjs.js';
import { toolsOf } from '../../../src/train/tools.js';

/** The share of the own image in many draws: image 0 is all ones, its partner all zeros. */
function shares(alpha: number, draws: number): number[] {
  const images = tf.tensor4d([1, 0], [2, 1, 1, 1]);
  const targets = tf.tensor2d([1, 0], [2, 1]);
  return Array.from({ length: draws }, (_, draw) =>
    tf.tidy(() => mixup.apply({ images, targets }, { alpha }, toolsOf([draw, 22])).images.dataSync()[0]!),
  );
}

/** Of λ of Beta(alpha, alpha), the larger of λ and 1 − λ has E[2λ(1 − λ)] = alpha / (2 alpha + 1). */
test.each([0.01, 0.1, 0.2, 1, 4])(
  'draws its share from Beta(%d, %d): λ(1 − λ) has the mean that it should',
  (alpha) => {
    const draws = 1500;
    const products = shares(alpha, draws).map((share) => 2 * share * (1 - share));
    const mean = products.reduce((a, b) => a + b) / draws;
    const variance = products.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws;
    const expected = alpha / (2 * alpha + 1);
    expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(variance / draws));
  },
);

test('a small alpha hardly mixes: with 0.01, under 4 % of the shares lie below 0.9', () => {
  const mixed = shares(0.01, 1000).filter((share) => share < 0.9).length;
  expect(mixed).toBeGreaterThan(0);
  expect(mixed / 1000).toBeLessThan(0.04); // 2.2 % by the beta distribution
});

test('the share is a number, at least a half, whatever alpha a file may give', () => {
  for (const alpha of [1e-9, 1e-3, 10])
    for (const share of shares(alpha, 200)) {
      expect(share).toBeGreaterThanOrEqual(0.5);
      expect(share).toBeLessThanOrEqual(1);
    }
});
