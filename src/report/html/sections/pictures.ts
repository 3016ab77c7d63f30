/** One of the judged images. */
export interface JudgedImage {
  /** As `params.dataset` has it. */
  readonly dataset: string;
  readonly part: 'test' | 'validation';
  /** Its number in the part's order, from 0. */
  readonly image: number;
}

/** An image as it is shown. */
export interface Picture {
  /** A data URI. */
  readonly source: string;
  /** The class that it is of, by number. */
  readonly label: number;
}

/** An augmentation set as it is shown. */
export interface AugmentationSample {
  /** The set's augmentations, as text. */
  readonly name: string;
  /** Data URIs of the same images, each drawn anew. */
  readonly sources: readonly string[];
}

/** The images that a page shows; null or empty where the data or the engine is not on this machine. */
export interface Pictures {
  readonly imageOf: (image: JudgedImage) => Picture | null;
  readonly augmentations: readonly AugmentationSample[];
}
