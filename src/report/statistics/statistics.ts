import { stdtr, stdtri } from './cephes.js';

/**
 * What of a sample is a rounding error, relative to its largest absolute value. A number up to 1 is rounded by at most
 * 2^-54, the difference of two is off by at most 3 · 2^-54, the distance between two differences by 8 · 2^-54 = 4.4e-16.
 * That is less than this share of every difference above 4.4e-7, so of accuracies over up to two million images.
 */
export const rounding = 1e-9;

/** Chance of a false answer that is accepted: in each test, and in a whole family of comparisons. */
export const significanceLevel = 0.05;

/** But for rounding. */
export function areEqual(...values: readonly number[]): boolean {
  const spread = Math.max(...values) - Math.min(...values);
  return spread <= rounding * Math.max(...values.map(Math.abs));
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (n − 1); null below two values. */
export function standardDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const center = mean(values)!;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

/** 95 % t interval of the mean; null where `standardError` is. */
export function tInterval(values: readonly number[]): readonly [number, number] | null {
  const error = standardError(values);
  if (error === null) return null;
  const center = mean(values)!;
  const halfWidth = stdtri(values.length - 1, 0.975) * error;
  return [center - halfWidth, center + halfWidth];
}

/** Two-sided p of Student's t test of a mean of 0: the paired t test of differences. Null where `standardError` is. */
export function tTest(differences: readonly number[]): number | null {
  const error = standardError(differences);
  if (error === null) return null;
  return 2 * stdtr(differences.length - 1, -Math.abs(mean(differences)! / error)); // the lower tail: 1 − CDF cancels
}

/**
 * Two one-sided t tests (Schuirmann 1987): p of a mean as far from 0 as the margin or farther, the larger of the two. Null
 * where `standardError` is.
 */
export function equivalenceTTest(differences: readonly number[], margin: number): number | null {
  const error = standardError(differences);
  if (error === null) return null;
  const center = mean(differences)!;
  const upperTail = (t: number) => stdtr(differences.length - 1, -t);
  return Math.max(upperTail((margin - center) / error), upperTail((margin + center) / error));
}

/** Cohen's d_z (Cohen 1988, 2.3.5): the mean difference in standard deviations of the differences. */
export function cohensDz(differences: readonly number[]): number | null {
  return standardError(differences) === null ? null : mean(differences)! / standardDeviation(differences)!;
}

/**
 * Standard error of the mean; null below two values, and where they are all equal: then nothing is known of how
 * they vary, and a t of rounding errors would be infinite. R's t.test refuses such data for the same reason.
 */
function standardError(values: readonly number[]): number | null {
  if (values.length < 2 || areEqual(...values)) return null;
  return standardDeviation(values)! / Math.sqrt(values.length);
}
