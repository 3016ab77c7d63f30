/**
 * The test images as a sample of their own. Seeds and images are two crossed random factors: each seed is evaluated on the
 * same images (multi-reader multi-case analysis: Obuchowski and Rockette 1995, Gallas 2006).
 */
import { incbi } from './cephes.js';
import { criticalT } from './e-values.js';
import { significanceLevel } from './statistics.js';

const z975 = 1.959963984540054; // of the normal distribution

/** Sums over d[s, i] = right in the cell − right in the baseline, in {−1, 0, 1}, of S seeds and I images. Integers. */
export interface DifferenceSums {
  readonly images: number;
  /** Of each seed, over the images. */
  readonly bySeed: readonly number[];
  /** Of each image, over the seeds: what of them is not 0. */
  readonly byImage: Iterable<number>;
  /** Sum of d². */
  readonly squares: number;
}

/**
 * @param pairs of each seed, which images are right in the cell and in the baseline: one bit per image, packed in bytes
 * @param images at most eight times the bytes; bits behind the last image are 0
 */
export function sumDifferences(
  pairs: readonly { readonly own: Uint8Array; readonly baseline: Uint8Array }[],
  images: number,
): DifferenceSums {
  const byImage = new Int32Array(images);
  let squares = 0;
  const bySeed = pairs.map(({ own, baseline }) => {
    let sum = 0;
    for (const [index, byte] of own.entries()) {
      let differing = byte ^ baseline[index]!;
      for (; differing !== 0; differing &= differing - 1) {
        const bit = 31 - Math.clz32(differing & -differing);
        const difference = (byte >> bit) & 1 ? 1 : -1;
        byImage[8 * index + bit]! += difference;
        sum += difference;
        squares++;
      }
    }
    return sum;
  });
  return { images, bySeed, byImage, squares };
}

/** Differences are fractions of the images. */
export interface ImageSampling {
  readonly mean: number;
  /** Mean squares of the two-way analysis of variance. */
  readonly msSeeds: number;
  readonly msImages: number;
  readonly msResidual: number;
  /** Satterthwaite's degrees of freedom of `interval`; Infinity where nothing varies. */
  readonly degreesOfFreedom: number;
  /** 95 % interval for new seeds and other images; valid for one look at a number of seeds fixed beforehand. */
  readonly interval: readonly [number, number];
  /** The same at any look; null where the confidence sequence has no interval for so few seeds. */
  readonly anytimeInterval: readonly [number, number] | null;
  /** Half-width of the interval that infinitely many seeds would leave: what only more images can narrow. */
  readonly floor: number;
  /** Share of the images in the variance of the mean. */
  readonly share: number;
}

/** Null below two seeds or two images. */
export function analyseImageSampling({
  images,
  bySeed,
  byImage,
  squares,
}: DifferenceSums): ImageSampling | null {
  const seeds = bySeed.length;
  if (seeds < 2 || images < 2) return null;
  const cells = seeds * images;
  const total = bySeed.reduce((sum, row) => sum + row, 0);
  const correction = total ** 2 / cells;
  let columns = 0;
  for (const column of byImage) columns += column ** 2;
  const ofSeeds = bySeed.reduce((sum, row) => sum + row ** 2, 0) / images - correction;
  const ofImages = columns / seeds - correction;
  const msSeeds = ofSeeds / (seeds - 1);
  const msImages = ofImages / (images - 1);
  const msResidual = (squares - correction - ofSeeds - ofImages) / ((seeds - 1) * (images - 1));

  const mean = total / cells;
  const fromImages = Math.max(msImages - msResidual, 0);
  const variance = (msSeeds + fromImages) / cells;
  const spread =
    msSeeds ** 2 / (seeds - 1) +
    msImages ** 2 / (images - 1) +
    msResidual ** 2 / ((seeds - 1) * (images - 1));
  const degreesOfFreedom = spread > 0 ? (msSeeds + fromImages) ** 2 / spread : Infinity;
  const around = (halfWidth: number) => [mean - halfWidth, mean + halfWidth] as const;
  const floor = z975 * Math.sqrt(fromImages / cells);
  const critical = criticalT(seeds, significanceLevel);
  const seedsHalf = critical * Math.sqrt(msSeeds / cells);
  return {
    mean,
    msSeeds,
    msImages,
    msResidual,
    degreesOfFreedom,
    interval: around(variance === 0 ? 0 : t975(degreesOfFreedom) * Math.sqrt(variance)),
    // Two independent errors are added by their squares (MOVER; Zou and Donner 2008).
    anytimeInterval: critical === Infinity ? null : around(Math.hypot(seedsHalf, floor)),
    floor,
    share: variance === 0 ? 0 : fromImages / cells / variance,
  };
}

/** Where seeds hardly differ there may be fewer. t is beyond 1e25 here, and below 0.01 it is too large for a number. */
const fewestDegrees = 0.05;

/** Student's t at 0.975, of degrees of freedom that need not be whole: cephes has the incomplete beta function for it. */
function t975(degreesOfFreedom: number): number {
  if (degreesOfFreedom === Infinity) return z975;
  const held = Math.max(degreesOfFreedom, fewestDegrees);
  const x = incbi(held / 2, 0.5, 0.05);
  return Math.sqrt(held * (1 / x - 1));
}
