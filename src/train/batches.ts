import type { FashionMnist } from '../data/fashion-mnist.js';
import { gatherRows, unpackBytes } from '../engine/fused-operations.js';
import { tf, type Tensor1D, type Tensor2D, type Tensor4D } from '../engine/tfjs.js';
import type { TrialData } from '../plan/plan.js';

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
export function splitImages(data: FashionMnist, trainSubset: number, { validation }: TrialData): TrialImages {
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

/** Labelled images on the device, as bytes: four of them in an int32, since TensorFlow.js has no tensor of bytes. */
export class DeviceImages {
  readonly #images: Tensor2D; // int32 [N, 196]
  readonly #labels: Tensor1D; // int32 [N]
  readonly length: number;

  constructor({ images, labels }: LabelledImages) {
    this.length = labels.length;
    const bytes = images.byteOffset % 4 === 0 ? images : new Uint8Array(images);
    const packed = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    this.#images = tf.keep(tf.tensor2d(packed, [labels.length, pixels / 4], 'int32'));
    this.#labels = tf.keep(tf.tensor1d(Int32Array.from(labels), 'int32'));
  }

  /** What `selectBatch` takes: inputs of a graph function. */
  get tensors(): [images: Tensor2D, labels: Tensor1D] {
    return [this.#images, this.#labels];
  }

  dispose(): void {
    tf.dispose(this.tensors);
  }
}

/** Images [B, 28, 28, 1], 0 to 255, and labels [B] (int32) of the given indices [B] (int32). */
export function selectBatch(
  [images, labels]: DeviceImages['tensors'],
  indices: Tensor1D,
): { images: Tensor4D; labels: Tensor1D } {
  return {
    images: unpackBytes(gatherRows(images, indices)).reshape([indices.size, imageSize, imageSize, 1]),
    labels: gatherRows(labels, indices),
  };
}
