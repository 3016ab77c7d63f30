/** A part of an image, in pixels that need not be whole. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Pixels {
  /** Row by row, channels last. */
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/**
 * A part of an image at another size: bilinear, antialiased where it shrinks, pixel centres at half (Pillow's BILINEAR
 * with `box`). Each axis in float64, rounded once at the end.
 */
export function resize(
  { bytes, width, height, channels }: Pixels,
  box: Box,
  toWidth: number,
  toHeight: number,
): Uint8Array {
  const columns = weightsOf(box.left, box.width, width, toWidth);
  const rows = weightsOf(box.top, box.height, height, toHeight);
  const narrow = new Float64Array(height * toWidth * channels); // [height, toWidth, channels]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < toWidth; x++) {
      const { first, weights } = columns[x]!;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let tap = 0; tap < weights.length; tap++)
          sum += weights[tap]! * bytes[(y * width + first + tap) * channels + channel]!;
        narrow[(y * toWidth + x) * channels + channel] = sum;
      }
    }
  const result = new Uint8Array(toWidth * toHeight * channels);
  const stride = toWidth * channels;
  for (let y = 0; y < toHeight; y++) {
    const { first, weights } = rows[y]!;
    for (let at = 0; at < stride; at++) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++)
        sum += weights[tap]! * narrow[(first + tap) * stride + at]!;
      result[y * stride + at] = Math.min(255, Math.max(0, Math.round(sum)));
    }
  }
  return result;
}

interface Weights {
  /** The first pixel that counts. */
  readonly first: number;
  /** Of it and those that follow; their sum is 1. */
  readonly weights: readonly number[];
}

/** Of each pixel of the result, a triangle as wide as two pixels of the coarser of both. */
function weightsOf(start: number, length: number, size: number, to: number): Weights[] {
  const scale = length / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, index) => {
    const center = start + (index + 0.5) * scale;
    const first = Math.max(0, Math.floor(center - reach + 0.5));
    const last = Math.min(size, Math.floor(center + reach + 0.5));
    const raw = Array.from({ length: last - first }, (_, tap) =>
      Math.max(0, 1 - Math.abs((first + tap + 0.5 - center) / reach)),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}
