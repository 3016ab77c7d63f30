/** Images at a time up to this resolution: at alpha 1 it is 0.4 GB. */
const images = 250;
const resolution = 112;

/** Images of a batch of an evaluation: fewer where they are larger, so that they need no more memory. */
export const evaluationBatchOf = (side: number): number =>
  Math.max(1, Math.min(images, Math.floor(images * (resolution / side) ** 2)));
