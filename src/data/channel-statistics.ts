import type { ImageFacts } from './dataset.js';

/**
 * Mean and deviation of the pixels, one number per channel, 0 to 1; that of all of them: the sum of squares is divided by
 * their number. Exact up to the last division: sums of bytes and of their squares are whole numbers.
 * @param images bytes, channels last
 */
export function channelStatistics(
  images: Uint8Array,
  channels: number,
): Pick<ImageFacts, 'mean' | 'deviation'> {
  const statistics = Array.from({ length: channels }, (_, channel) => {
    const counts = new Uint32Array(256); // of the pixels with each value
    for (let at = channel; at < images.length; at += channels) counts[images[at]!]!++;
    let [number, sum, squares] = [0n, 0n, 0n];
    for (const [value, times] of counts.entries()) {
      number += BigInt(times);
      sum += BigInt(times * value);
      squares += BigInt(times * value * value);
    }
    const scale = Number(number) * 255;
    return { mean: Number(sum) / scale, deviation: Math.sqrt(Number(number * squares - sum * sum)) / scale };
  });
  return {
    mean: statistics.map(({ mean }) => mean),
    deviation: statistics.map(({ deviation }) => deviation),
  };
}
