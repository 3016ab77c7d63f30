import type { DatasetImages, LabelledImages } from '../data/dataset.js';
import type { TrialData } from '../plan/plan.js';

export interface TrialImages {
  readonly training: LabelledImages;
  readonly validation: LabelledImages;
}

/**
 * Training: the first `trainSubset` images. Validation: the images for that, the test images, or the last `holdout`
 * training images.
 * @param imageBytes of an image in memory
 */
export function splitImages(
  images: DatasetImages,
  trainSubset: number,
  { validation }: TrialData,
  imageBytes: number,
): TrialImages {
  const { train } = images;
  const training = slice(train, 0, trainSubset, imageBytes);
  if (typeof validation === 'string') {
    const given = images[validation];
    if (given === null) throw new RangeError(`Expected images for ${validation}, got none`);
    return { training, validation: given };
  }
  const { holdout } = validation;
  return { training, validation: slice(train, train.labels.length - holdout, holdout, imageBytes) };
}

/** The first `count` images from `first`: views, not copies. */
function slice(
  { images, labels }: LabelledImages,
  first: number,
  count: number,
  bytes: number,
): LabelledImages {
  return {
    images:
      images instanceof Uint8Array
        ? images.subarray(first * bytes, (first + count) * bytes)
        : { ...images, first: images.first + first },
    labels: labels.subarray(first, first + count),
  };
}
