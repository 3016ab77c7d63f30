/** What numbers of seeds can tell, before and while they are trained. */
import { criticalT, firstLook, logEvalueOneSided, SignFlipProcess } from './e-values.js';
import { significanceLevel } from './statistics.js';

/** Quantiles of the normal distribution: of 80 % power against one error, and of 80 % against either of two. */
const [z80, z90] = [0.8416212335729143, 1.2815515655446004];

/**
 * The fewest seeds with which a difference can be shown in a family of so many comparisons: both e-values can reach the
 * level of Holm's first step, and there are enough seeds for a look.
 */
export function smallestDecidable(comparisons: number): number {
  const alpha = significanceLevel / Math.max(1, comparisons);
  const signs = new SignFlipProcess();
  for (let n = 1; ; n++) {
    signs.add(1); // all of one size and sign: no n differences give more
    if (n < firstLook || criticalT(n, alpha) === Infinity) continue;
    if (signs.logEvalue >= -Math.log(alpha)) return n;
  }
}

/**
 * What n seeds tell with a chance of 80 %, in standard deviations of the differences: the smallest difference that is
 * shown to be one, and the smallest margin within which settings that do the same are shown to be equivalent. Null where
 * n seeds cannot.
 */
export function detectable(
  n: number,
  comparisons: number,
): { readonly difference: number | null; readonly margin: number | null } {
  const alpha = significanceLevel / Math.max(1, comparisons);
  const [difference, margin] = [criticalT(n, alpha) + z80, criticalT(n, 2 * alpha) + z90];
  return {
    difference:
      n < smallestDecidable(comparisons) || difference === Infinity ? null : difference / Math.sqrt(n),
    margin: n < firstLook || margin === Infinity ? null : margin / Math.sqrt(n),
  };
}

export interface Projection {
  /** Seeds in all with which a difference would be shown; null: more than the limit. */
  readonly seeds: number | null;
  /** The same if the mean is larger, and smaller, by one standard error. */
  readonly ifLarger: number | null;
  readonly ifSmaller: number | null;
  /** Seeds in all with which equivalence would be shown; null without a margin too. */
  readonly toEquivalence: number | null;
}

/** How many seeds would settle a comparison, if mean and standard deviation (both of n differences) stay as they are. */
export function projectSeeds({
  mean,
  sd,
  n,
  alpha,
  margin,
  limit,
}: {
  readonly mean: number;
  readonly sd: number;
  readonly n: number;
  readonly alpha: number;
  readonly margin: number | null;
  readonly limit: number;
}): Projection {
  const first = (isSettled: (seeds: number) => boolean): number | null => {
    for (let seeds = Math.max(n + 1, firstLook); seeds <= limit; seeds++) if (isSettled(seeds)) return seeds;
    return null;
  };
  const toDifference = (size: number) =>
    first((seeds) => (criticalT(seeds, alpha) * sd) / Math.sqrt(seeds) <= size);
  const isEquivalent = (seeds: number, within: number) =>
    [within - mean, within + mean].every(
      (distance) => logEvalueOneSided((distance / sd) * Math.sqrt(seeds), seeds) >= -Math.log(alpha),
    );
  const size = Math.abs(mean);
  const error = sd / Math.sqrt(n);
  return {
    seeds: toDifference(size),
    ifLarger: toDifference(size + error),
    ifSmaller: size > error ? toDifference(size - error) : null,
    toEquivalence: margin === null ? null : first((seeds) => isEquivalent(seeds, margin)),
  };
}
