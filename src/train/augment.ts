import { resizeBilinear, statelessUniform, type Seed } from '../engine/fused-operations.js';
import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '../engine/tfjs.js';
import type { Augmentation } from '../plan/trial.js';

/** Grey bytes [N, 28, 28, 1], 0 to 255 → network input [N, size, size, 1], 0 to 1. */
export function normalizeImages(images: Tensor4D, size: number): Tensor4D {
  const resized = images.shape[1] === size ? images : resizeBilinear(images, size);
  return resized.div(255);
}

/**
 * Applies the augmentations in their order to a batch [N, H, W, 1]. Each image draws for itself; the draws are
 * a pure function of `seedOf(place in the list)`.
 */
export function augment(
  images: Tensor4D,
  augmentations: readonly Augmentation[],
  seedOf: (index: number) => Seed,
): Tensor4D {
  return augmentations.reduce((batch, augmentation, index) => {
    switch (augmentation.name) {
      case 'horizontalFlip':
        return horizontalFlip(batch, augmentation, seedOf(index));
      case 'randomMask':
        return randomMask(batch, augmentation, seedOf(index));
    }
  }, images);
}

type Options<Name> = Extract<Augmentation, { name: Name }>;

/** Mirrors left and right. */
function horizontalFlip(images: Tensor4D, { probability }: Options<'horizontalFlip'>, seed: Seed): Tensor4D {
  const flipped = statelessUniform<Tensor4D>([images.shape[0], 1, 1, 1], seed).less(probability);
  return tf.where(flipped, tf.reverse(images, [2]), images);
}

/**
 * Overwrites one rectangle with `fill`: its share of the image uniform in `area`, its height over width
 * log-uniform in `aspectRatio`, its place uniform among those inside the image. After Zhong et al. 2017
 * (Random Erasing), who draw again where a rectangle does not fit; here its sides are cut to the image's.
 */
function randomMask(
  images: Tensor4D,
  { probability, area, aspectRatio, fill }: Options<'randomMask'>,
  seed: Seed,
): Tensor4D {
  const [batch, height, width] = images.shape;
  const draws = statelessUniform<Tensor2D>([5, batch], seed).unstack<Tensor1D>(); // each [N]
  const [chance, share, shape, top, left] = draws as [Tensor1D, Tensor1D, Tensor1D, Tensor1D, Tensor1D];
  const pixels = share
    .mul<Tensor1D>(area[1] - area[0])
    .add<Tensor1D>(area[0])
    .mul<Tensor1D>(height * width);
  const logRatio = Math.log(aspectRatio[0]);
  const ratio = shape
    .mul(Math.log(aspectRatio[1]) - logRatio)
    .add(logRatio)
    .exp(); // height / width
  const rows = pixels.mul<Tensor1D>(ratio).sqrt().round().clipByValue(1, height);
  const columns = pixels.div<Tensor1D>(ratio).sqrt().round().clipByValue(1, width);
  const firstRow = top.mul<Tensor1D>(rows.mul(-1).add(height + 1)).floor();
  const firstColumn = left.mul<Tensor1D>(columns.mul(-1).add(width + 1)).floor();
  const within = (size: number, first: Tensor, count: Tensor) => {
    const offset = tf
      .range(0, size)
      .reshape([1, size])
      .sub(first.reshape([batch, 1])); // [N, size]
    return offset.greaterEqual(0).logicalAnd(offset.less(count.reshape([batch, 1])));
  };
  const masked = within(height, firstRow, rows)
    .reshape([batch, height, 1, 1])
    .logicalAnd(within(width, firstColumn, columns).reshape([batch, 1, width, 1]))
    .logicalAnd(chance.less(probability).reshape([batch, 1, 1, 1])); // [N, H, W, 1]
  return tf.where(masked, tf.fill(images.shape, fill), images);
}
