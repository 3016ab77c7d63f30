import type { DatasetImages, LabelledImages } from '../data/dataset.js';
import type { TrialData } from '../plan/plan.js';

export interface TrialImages {
  readonly training: LabelledImages;
  readonly validation: LabelledImages;
}

/** Training: the first `trainSubset` images. Validation: the test set, or the last `holdout` training images. */
export function splitImages(
  { train, test }: DatasetImages,
  trainSubset: number,
  { validation }: TrialData,
): TrialImages {
  return {
    training: slice(train, 0, trainSubset),
    validation:
      validation === 'test'
        ? test
        : slice(train, train.labels.length - validation.holdout, validation.holdout),
  };
}

/** The first `count` images from `first`: views, not copies. */
function slice({ images, labels }: LabelledImages, first: number, count: number): LabelledImages {
  const bytes = images.length / labels.length; // of an image
  return {
    images: images.subarray(first * bytes, (first + count) * bytes),
    labels: labels.subarray(first, first + count),
  };
}
