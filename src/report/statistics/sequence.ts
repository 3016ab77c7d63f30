import { criticalT, firstLook, logEvalueOneSided, logEvalueT, SignFlipProcess } from './e-values.js';
import { rounding, significanceLevel } from './statistics.js';

/** What the first n differences show. */
export interface Look {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); null for one difference. */
  readonly sd: number | null;
  /** The paired t; null for one difference, and where all are equal. */
  readonly t: number | null;
  /** Logarithm of the e-value of the t mixture. */
  readonly logE: number;
  /** Logarithm of the sign-flip e-value. */
  readonly logSignFlipE: number;
  /** The 95 % confidence sequence at n; null where `t` is, and where no n so small has one. */
  readonly interval: readonly [number, number] | null;
  /** The intervals from the sixth look on, intersected; null before. */
  readonly runningInterval: readonly [number, number] | null;
  /** The mean lies outside of `runningInterval`. */
  readonly meanOutside: boolean;
  /** Valid at any look: the larger of 1/max E of the two e-processes, over the looks from the sixth on; 1 before. */
  readonly anytimeP: number;
  /** Of a mean as far from 0 as the margin or farther, valid at any look; null without a margin. */
  readonly equivalenceP: number | null;
}

/**
 * Follows paired differences seed by seed: a look after each of them, in their order.
 * @param margin a difference that matters, above 0; null: none is given
 */
export function followSequence(
  differences: readonly number[],
  margin: number | null,
): { readonly looks: readonly Look[] } {
  const signFlip = new SignFlipProcess();
  const below = new SignFlipProcess(); // of margin − d
  const above = new SignFlipProcess(); // of d + margin
  let [mean, squares] = [0, 0]; // Welford: sum of squared distances from the mean
  let [smallest, largest] = [Infinity, -Infinity];
  let [maxE, maxSignFlip, maxBelow, maxAbove] = [0, 0, 0, 0]; // logarithms; a p is 1 at most
  let [low, high] = [-Infinity, Infinity];
  const looks = differences.map((difference, index): Look => {
    const n = index + 1;
    signFlip.add(difference);
    const step = difference - mean;
    mean += step / n;
    squares += step * (difference - mean);
    smallest = Math.min(smallest, difference);
    largest = Math.max(largest, difference);
    const size = Math.max(Math.abs(smallest), Math.abs(largest));
    const sd = n === 1 ? null : Math.sqrt(squares / (n - 1));
    const varies = sd !== null && sd > 0 && largest - smallest > rounding * size; // 1e-162 squared is 0
    const t = varies ? (mean / sd) * Math.sqrt(n) : null;
    const logE = n === 1 ? 0 : logEvalueT(t === null ? (size > 0 ? Infinity : 0) : t ** 2, n);
    const critical = n === 1 ? Infinity : criticalT(n, significanceLevel);
    const halfWidth = (critical * (sd ?? 0)) / Math.sqrt(n);
    const interval = varies && critical < Infinity ? ([mean - halfWidth, mean + halfWidth] as const) : null;
    if (margin !== null) {
      below.add(margin - difference);
      above.add(difference + margin);
    }
    if (n >= firstLook) {
      maxE = Math.max(maxE, logE);
      maxSignFlip = Math.max(maxSignFlip, signFlip.logEvalue);
      if (interval) {
        low = Math.max(low, interval[0]);
        high = Math.min(high, interval[1]);
      }
      if (margin !== null) {
        const scale = Math.sqrt(n) / (sd ?? 0);
        maxBelow = Math.max(
          maxBelow,
          t === null ? below.logEvalueOneSided : logEvalueOneSided((margin - mean) * scale, n),
        );
        maxAbove = Math.max(
          maxAbove,
          t === null ? above.logEvalueOneSided : logEvalueOneSided((mean + margin) * scale, n),
        );
      }
    }
    const runningInterval = low > -Infinity ? ([low, high] as const) : null;
    return {
      n,
      mean,
      sd,
      t,
      logE,
      logSignFlipE: signFlip.logEvalue,
      interval,
      runningInterval,
      meanOutside: runningInterval !== null && (mean < low || mean > high),
      anytimeP: Math.exp(-Math.min(maxE, maxSignFlip)),
      equivalenceP: margin === null ? null : Math.exp(-Math.min(maxBelow, maxAbove)),
    };
  });
  return { looks };
}
