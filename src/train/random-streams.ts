import { createHash } from 'node:crypto';
import { unsafeUniformIntDistribution, xoroshiro128plus } from 'pure-rand';

/** What a trial draws random numbers for. Each has a stream of its own, so that one never shifts another. */
export type Stream = 'init' | 'shuffle' | 'augment' | 'dropout';

/** Two int32 for draw number `draw` of a stream: the first 8 bytes of a SHA-256. A pure function. */
export function streamSeed(seed: number, stream: Stream, draw: number): [number, number] {
  const digest = createHash('sha256').update(`${seed}/${stream}/${draw}`).digest();
  return [digest.readInt32LE(0), digest.readInt32LE(4)];
}

/** The seeds of a network's initial kernels, by the layer's place. */
export const initialSeeds =
  (seed: number) =>
  (layer: number): [number, number] =>
    streamSeed(seed, 'init', layer);

/** The numbers 0 … size − 1 in the order of one epoch (Fisher and Yates). */
export function shuffledIndices(size: number, seed: number, epoch: number): Int32Array {
  const generator = xoroshiro128plus(streamSeed(seed, 'shuffle', epoch)[0]);
  const indices = Int32Array.from({ length: size }, (_, index) => index);
  for (let last = size - 1; last > 0; last--) {
    const other = unsafeUniformIntDistribution(0, last, generator);
    const value = indices[last]!;
    indices[last] = indices[other]!;
    indices[other] = value;
  }
  return indices;
}
