import { rounding } from './statistics.js';

/** Pairs up to which the test is exact: 2³⁰ sign patterns, counted from 2 × 2¹⁵ sums in milliseconds. */
export const maximumExactPairs = 30;

/**
 * Fisher's exact sign-flip (paired permutation) test: where two settings do the same, each seed's difference was
 * as likely to have the other sign. Of all 2ⁿ sign patterns, the share whose mean is at least as far from 0 as the
 * observed one: the two-sided p. It needs no normal distribution. Null without pairs and beyond `maximumExactPairs`.
 *
 * Counted exactly, without walking all patterns: the sums of each half's patterns are sorted, and two pointers
 * count the combinations (Horowitz and Sahni 1974).
 */
export function signFlipTest(differences: readonly number[]): number | null {
  const pairs = differences.length;
  if (pairs === 0 || pairs > maximumExactPairs) return null;
  const total = differences.reduce((sum, difference) => sum + Math.abs(difference), 0);
  const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0));
  const threshold = observed - rounding * total; // patterns that tie with the observed one count
  if (threshold <= 0) return 1;
  const middle = pairs >> 1;
  const left = signedSums(differences.slice(0, middle));
  const right = signedSums(differences.slice(middle));
  let extreme = 0; // patterns with a sum of at least the threshold; as many lie below its negative
  let first = right.length; // the right sums from here on reach the threshold with the current left sum
  for (const sum of left) {
    while (first > 0 && sum + right[first - 1]! >= threshold) first--;
    extreme += right.length - first;
  }
  return (2 * extreme) / 2 ** pairs;
}

/** The smallest p that `pairs` can give, 2/2ⁿ: all differences of one sign. Five cannot go below 0.0625. */
export function smallestExactP(pairs: number): number | null {
  return pairs === 0 ? null : 2 / 2 ** pairs;
}

/** The sums over all sign patterns, ascending; [0] of no values. Sorted by merging: each value doubles the list. */
function signedSums(values: readonly number[]): Float64Array {
  let sums = Float64Array.of(0);
  for (const value of values) {
    const size = Math.abs(value);
    const next = new Float64Array(2 * sums.length);
    let [lower, upper] = [0, 0]; // of the sums less the value, and of those with it added
    for (let index = 0; index < next.length; index++) {
      const takeLower = lower < sums.length && sums[lower]! - size <= sums[upper]! + size;
      next[index] = takeLower ? sums[lower++]! - size : sums[upper++]! + size;
    }
    sums = next;
  }
  return sums;
}
