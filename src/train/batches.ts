import type { FashionMnist } from '../data/fashion-mnist.js';
import { tf, type Tensor1D, type Tensor4D } from '../engine/tfjs.js';
import type { TrialData } from '../plan/trial.js';

/** Side of Fashion-MNIST's images, pixels. */
export const imageSize = 28;
const pixels = imageSize * imageSize;

/** Labelled images: `images` holds 784 bytes an image. */
export interface LabelledImages {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

export interface TrialImages {
  readonly training: LabelledImages;
  readonly validation: LabelledImages;
}

/** The first `count` images from `first`: views, not copies. */
function slice({ images, labels }: LabelledImages, first: number, count: number): LabelledImages {
  return {
    images: images.subarray(first * pixels, (first + count) * pixels),
    labels: labels.subarray(first, first + count),
  };
}

/** Training: the first `trainSubset` images. Validation: the test set, or the last `holdout` training images. */
export function splitImages(data: FashionMnist, { trainSubset, validation }: TrialData): TrialImages {
  const training = { images: data.trainImages, labels: data.trainLabels };
  const test = { images: data.testImages, labels: data.testLabels };
  return {
    training: slice(training, 0, trainSubset),
    validation:
      validation === 'test'
        ? test
        : slice(training, training.labels.length - validation.holdout, validation.holdout),
  };
}

/** Images [N, 28, 28, 1], 0 to 255, and labels [N] (int32) of the given indices. The caller owns the tensors. */
export function makeBatch(
  data: LabelledImages,
  indices: ArrayLike<number>,
): { images: Tensor4D; labels: Tensor1D } {
  const size = indices.length;
  const images = new Float32Array(size * pixels);
  const labels = new Int32Array(size);
  for (let row = 0; row < size; row++) {
    const index = indices[row]!;
    images.set(data.images.subarray(index * pixels, (index + 1) * pixels), row * pixels);
    labels[row] = data.labels[index]!;
  }
  return {
    images: tf.tensor4d(images, [size, imageSize, imageSize, 1]),
    labels: tf.tensor1d(labels, 'int32'),
  };
}
