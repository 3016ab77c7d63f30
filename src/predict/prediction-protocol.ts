/** What goes between `runner predict` and the process that computes. */
export interface PredictionRequest {
  /** The model's file. */
  readonly path: string;
  /** Images one after the other, side × side × channels bytes each. */
  readonly images: Uint8Array;
}

/** Of each image the probabilities of the classes. */
export type PredictionAnswer = readonly Float32Array[];
