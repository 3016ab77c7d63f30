import { resizeBilinear } from '../engine/fused-operations.js';
import type { Tensor4D } from '../engine/tfjs.js';
import type { Normalization } from '../plan/plan.js';

/** Grey bytes [N, 28, 28, 1], 0 to 255 → images [N, size, size, 1], 0 to 1. */
export function resizeImages(images: Tensor4D, size: number): Tensor4D {
  const resized = images.shape[1] === size ? images : resizeBilinear(images, size);
  return resized.div(255);
}

/** Mean and standard deviation of the pixels of Fashion-MNIST's 60,000 training images, 0 to 1. */
export const trainingMean = 0.2860405969887955;
export const trainingDeviation = 0.35302424451492237;

/** Images, 0 to 1, as the network takes them. After the augmentations, whose numbers are on the 0 to 1 scale. */
export function normalizeImages(images: Tensor4D, normalization: Normalization): Tensor4D {
  switch (normalization) {
    case 'unit':
      return images;
    case 'symmetric':
      return images.mul<Tensor4D>(2).sub(1);
    case 'standardized':
      return images.sub<Tensor4D>(trainingMean).div(trainingDeviation);
  }
}
