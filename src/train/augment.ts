import { gatherRows, statelessGamma, statelessUniform, type Seed } from '../engine/fused-operations.js';
import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '../engine/tfjs.js';
import type { Augmentation } from '../plan/plan.js';

/** Images [N, H, W, 1], 0 to 1, and the share [N, K] of each class in each image; null while that is its label. */
export interface Examples {
  readonly images: Tensor4D;
  readonly targets: Tensor2D | null;
}

/**
 * Applies the augmentations in their order to a batch. Each image draws for itself, mixup once for the batch; the
 * draws are a pure function of `seedOf(place in the list)`. Mixup needs targets.
 */
export function augment(
  examples: Examples,
  augmentations: readonly Augmentation[],
  seedOf: (index: number) => Seed,
): Examples {
  return augmentations.reduce((batch, augmentation, index) => {
    const seed = seedOf(index);
    if (augmentation.name === 'mixup') return mixup(batch, augmentation, seed);
    return { ...batch, images: augmentImages(batch.images, augmentation, seed) };
  }, examples);
}

function augmentImages(
  images: Tensor4D,
  augmentation: Exclude<Augmentation, { name: 'mixup' }>,
  seed: Seed,
): Tensor4D {
  switch (augmentation.name) {
    case 'horizontalFlip':
      return horizontalFlip(images, augmentation, seed);
    case 'randomMask':
      return randomMask(images, augmentation, seed);
    case 'randomCrop':
      return randomCrop(images, augmentation, seed);
    case 'randomBrightness':
      return randomBrightness(images, augmentation, seed);
    case 'randomContrast':
      return randomContrast(images, augmentation, seed);
    case 'cutout':
      return cutout(images, augmentation, seed);
  }
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
  const hit = chance.less(probability);
  return fillRectangles(images, firstRow, rows, firstColumn, columns, hit, fill);
}

/** Writes `fill` into one rectangle an image [N, H, W, 1], where `hit`. The other arguments are pixels, each [N]. */
function fillRectangles(
  images: Tensor4D,
  firstRow: Tensor,
  rows: Tensor,
  firstColumn: Tensor,
  columns: Tensor,
  hit: Tensor,
  fill: number,
): Tensor4D {
  const [batch, height, width] = images.shape;
  const within = (size: number, first: Tensor, count: Tensor) => {
    const offset = tf
      .range(0, size)
      .reshape([1, size])
      .sub(first.reshape([batch, 1])); // [N, size]
    return offset.greaterEqual(0).logicalAnd(offset.less(count.reshape([batch, 1])));
  };
  const inside = within(height, firstRow, rows)
    .reshape([batch, height, 1, 1])
    .logicalAnd(within(width, firstColumn, columns).reshape([batch, 1, width, 1]))
    .logicalAnd(hit.reshape([batch, 1, 1, 1])); // [N, H, W, 1]
  return tf.where(inside, tf.fill(images.shape, fill), images);
}

/** Overwrites a square whose centre is uniform among the pixels, cut at the borders (DeVries and Taylor 2017). */
function cutout(images: Tensor4D, { probability, size, fill }: Options<'cutout'>, seed: Seed): Tensor4D {
  const [batch, height, width] = images.shape;
  const [chance, y, x] = statelessUniform<Tensor2D>([3, batch], seed).unstack<Tensor1D>() as [
    Tensor1D,
    Tensor1D,
    Tensor1D,
  ];
  const side = Math.max(1, Math.round(size * height));
  const first = (draw: Tensor1D, length: number) =>
    draw
      .mul(length)
      .floor()
      .sub(Math.floor(side / 2));
  const sides = tf.fill([batch], side);
  return fillRectangles(
    images,
    first(y, height),
    sides,
    first(x, width),
    sides,
    chance.less(probability),
    fill,
  );
}

/** Shifts each image by up to `padding` of its side either way, filling what comes in (He et al. 2016). */
function randomCrop(images: Tensor4D, { padding, fill }: Options<'randomCrop'>, seed: Seed): Tensor4D {
  const [batch, height, width] = images.shape;
  const [above, beside] = [Math.round(padding * height), Math.round(padding * width)];
  const padded = tf.pad(
    images,
    [
      [0, 0],
      [above, above],
      [beside, beside],
      [0, 0],
    ],
    fill,
  );
  const [, paddedHeight, paddedWidth] = padded.shape;
  const [y, x] = statelessUniform<Tensor2D>([2, batch], seed).unstack<Tensor1D>() as [Tensor1D, Tensor1D];
  const places = (draw: Tensor1D, margin: number, length: number, shape: number[]) =>
    draw
      .mul(2 * margin + 1)
      .floor()
      .reshape([batch, 1])
      .add(tf.range(0, length))
      .toInt()
      .reshape(shape); // of each row, or column, of the crop in its padded image
  const rows = places(y, above, height, [batch, height, 1]);
  const columns = places(x, beside, width, [batch, 1, width]);
  const image = tf.range(0, batch, 1, 'int32').reshape([batch, 1, 1]);
  const [h, w] = [tf.scalar(paddedHeight, 'int32'), tf.scalar(paddedWidth, 'int32')]; // a number would be a float
  const indices = image.mul(h).add(rows).mul(w).add(columns);
  const pixels = gatherRows(padded.reshape([padded.size]), indices.reshape<Tensor1D>([images.size]));
  return pixels.reshape(images.shape);
}

/** Adds one number of −delta to delta to each image; 0 to 1 stays 0 to 1. */
function randomBrightness(images: Tensor4D, { delta }: Options<'randomBrightness'>, seed: Seed): Tensor4D {
  const draw = statelessUniform<Tensor4D>([images.shape[0], 1, 1, 1], seed);
  return images.add<Tensor4D>(draw.mul(2 * delta).sub(delta)).clipByValue(0, 1) as Tensor4D;
}

/** Scales each image's distances from its mean by one factor of 1 − delta to 1 + delta; 0 to 1 stays 0 to 1. */
function randomContrast(images: Tensor4D, { delta }: Options<'randomContrast'>, seed: Seed): Tensor4D {
  const factor = statelessUniform<Tensor4D>([images.shape[0], 1, 1, 1], seed)
    .mul(2 * delta)
    .add(1 - delta);
  const mean = images.mean([1, 2, 3], true);
  return images.sub(mean).mul(factor).add(mean).clipByValue(0, 1) as Tensor4D;
}

/**
 * Mixes each image and its targets with those of its mirror place in the batch, which is in random order anyway. One
 * share λ of Beta(alpha, alpha) for the batch, as in the code of Zhang et al. 2018; the larger of λ and 1 − λ is the
 * image's own, so that its label stays the likelier one.
 */
function mixup({ images, targets }: Examples, { alpha }: Options<'mixup'>, seed: Seed): Examples {
  if (targets === null) throw new TypeError('Expected targets for mixup');
  const [a, b] = statelessGamma([2], alpha, seed).add(1e-30).unstack() as [Tensor, Tensor]; // may both be 0
  const share = a.div(a.add(b));
  const own = tf.maximum(share, tf.sub(1, share));
  const mix = <T extends Tensor>(x: T): T => x.mul(own).add<T>(tf.reverse(x, 0).mul(tf.sub(1, own)));
  return { images: mix(images), targets: mix(targets) };
}
