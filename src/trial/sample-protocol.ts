import type { Augmentation } from '../augmentations/augmentation.js';
import type { ImageFacts } from '../data/dataset.js';

/** What a process that draws samples of augmentations gets. */
export interface SampleRequest {
  readonly facts: ImageFacts;
  /** N images of `facts.shape`, row by row, channels last. */
  readonly images: Uint8Array;
  readonly labels: Uint16Array;
  readonly resolution: number;
  readonly sets: readonly (readonly Augmentation[])[];
}

/** What it answers: of each set the images, resolution × resolution × channels bytes each. */
export type SampleAnswer = readonly (readonly Uint8Array[])[];
