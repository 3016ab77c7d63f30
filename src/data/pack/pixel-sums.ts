import type { ImageFacts } from '../dataset.js';

/** Of each channel, the sum of the pixels' values and of their squares: whole numbers, so their order does not matter. */
export class PixelSums {
  readonly sums: number[];
  readonly squares: number[];

  constructor(readonly channels: number) {
    this.sums = Array.from({ length: channels }, () => 0);
    this.squares = Array.from({ length: channels }, () => 0);
  }

  /** @param pixels bytes, channels last */
  add(pixels: Uint8Array): void {
    const { sums, squares, channels } = this;
    for (let at = 0; at < pixels.length; at++) {
      const value = pixels[at]!;
      sums[at % channels]! += value;
      squares[at % channels]! += value * value;
    }
  }

  /** Adds those of other images, as a process has sent them. */
  merge({ sums, squares }: Pick<PixelSums, 'sums' | 'squares'>): void {
    for (let channel = 0; channel < this.channels; channel++) {
      this.sums[channel]! += sums[channel]!;
      this.squares[channel]! += squares[channel]!;
    }
  }

  /** 0 to 1. @param pixels of a channel */
  moments(pixels: number): Pick<ImageFacts, 'mean' | 'deviation'> {
    const mean = this.sums.map((sum) => sum / pixels / 255);
    const deviation = this.squares.map((square, channel) =>
      Math.sqrt(Math.max(0, square / pixels / 255 ** 2 - mean[channel]! ** 2)),
    );
    return { mean, deviation: deviation.map((value) => (value === 0 ? 1 : value)) }; // all images of one colour
  }
}
