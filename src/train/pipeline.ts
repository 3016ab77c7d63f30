/** From bytes to a batch that the network takes: the same for training and evaluation but for the augmentations. */
import { augmentationNamed } from '../augmentations/augmentations.js';
import type { ImageFacts } from '../data/dataset.js';
import { gatherRows, unpackBytes } from '../engine/fused-operations.js';
import { resizeBilinear } from '../engine/resize-bilinear.js';
import { tf, type Tensor1D, type Tensor2D, type Tensor4D } from '../engine/tfjs.js';
import type { TrialParams } from '../plan/plan.js';
import { augment } from './augment.js';

export type { ImageFacts } from '../data/dataset.js';

type Shape = ImageFacts['shape'];

/** A batch as the network takes it. */
export interface Batch {
  /** [B, S, S, C], in the range that the normalisation asks for. */
  readonly images: Tensor4D;
  /** [B] (int32) */
  readonly labels: Tensor1D;
  /** The share [B, K] of each class in each image; null while that is its label. */
  readonly targets: Tensor2D | null;
}

/** Numbers in an image. */
export function pixelsOf([height, width, channels]: Shape): number {
  return height * width * channels;
}

/**
 * What a batch is made of, inputs of a graph function: images [N, ⌈H·W·C/4⌉] and labels [N], and which of them it has [B]
 * (all int32). Four bytes are one int32, since TensorFlow.js has no tensor of bytes.
 */
export type BatchSource = readonly [images: Tensor2D, labels: Tensor1D, indices: Tensor1D];

/**
 * The images of a batch in four stages. `augmentationSeeds`: one [2] (int32) for each
 * augmentation of `params`; null for none of them, as in evaluation.
 */
export function prepareBatch(
  source: BatchSource,
  params: Pick<TrialParams, 'resolution' | 'normalization' | 'augmentation'>,
  facts: ImageFacts,
  augmentationSeeds: readonly Tensor1D[] | null,
): Batch {
  const { images: bytes, labels } = selectBatch(source, facts.shape); // [B, H, W, C], 0 to 255
  const resized = resizeImages(bytes, params.resolution); // [B, S, S, C], 0 to 1
  const augmentation = augmentationSeeds ? params.augmentation : [];
  const mixes = augmentation.some(({ name }) => augmentationNamed(name).mixesTargets);
  const targets = mixes ? oneHot(labels, facts.classes.length) : null;
  const augmented = augment(
    { images: resized, targets },
    augmentation,
    (index) => augmentationSeeds![index]!,
  );
  const images = normalizeImages(augmented.images, params.normalization, facts);
  return { images, labels, targets: augmented.targets };
}

/** Images [B, H, W, C], 0 to 255, and labels [B] (int32). */
export function selectBatch(
  [images, labels, indices]: BatchSource,
  shape: Shape,
): { images: Tensor4D; labels: Tensor1D } {
  const unpacked = unpackBytes(gatherRows(images, indices)); // [B, H·W·C, filled up]
  const pixels = pixelsOf(shape);
  const bytes = unpacked.shape[1] === pixels ? unpacked : unpacked.slice([0, 0], [-1, pixels]);
  return { images: bytes.reshape([indices.size, ...shape]), labels: gatherRows(labels, indices) };
}

/** Bytes [N, H, W, C], 0 to 255 → images [N, size, size, C], 0 to 1. */
export function resizeImages(images: Tensor4D, size: number): Tensor4D {
  const [, height, width] = images.shape;
  const resized = height === size && width === size ? images : resizeBilinear(images, size);
  return resized.div(255);
}

/** Images, 0 to 1, as the network takes them. After the augmentations, whose numbers are on the 0 to 1 scale. */
export function normalizeImages(
  images: Tensor4D,
  normalization: TrialParams['normalization'],
  { mean, deviation }: Pick<ImageFacts, 'mean' | 'deviation'>,
): Tensor4D {
  switch (normalization) {
    case 'unit':
      return images;
    case 'symmetric':
      return images.mul<Tensor4D>(2).sub(1);
    case 'standardized':
      return images.sub<Tensor4D>(tf.tensor1d([...mean])).div(tf.tensor1d([...deviation]));
  }
}

/** Labels [N] (int32) as shares [N, K] of ones and zeros. */
export function oneHot(labels: Tensor1D, classes: number): Tensor2D {
  return labels
    .reshape([labels.size, 1])
    .equal<Tensor2D>(tf.range(0, classes, 1, 'int32').reshape([1, classes]))
    .toFloat();
}
