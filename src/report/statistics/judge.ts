import type { Metric } from '../../plan/plan.js';
import { significanceLevel } from './statistics.js';

/** What the seeds say of a cell against its baseline. */
export type Verdict = 'better' | 'worse' | 'equivalent' | 'undecided' | 'too-few-seeds' | 'incomplete';

/** How the difference stands to the margin: surely within it, surely beyond, or neither is shown. */
export type MarginVerdict = 'inside' | 'beyond' | 'open';

/** What a verdict follows from. */
export interface Evidence {
  /** A seed failed or diverged; at a fixed number of seeds, also: one is not there yet. */
  readonly isIncomplete: boolean;
  /** So few seeds cannot show a difference, whatever they give. */
  readonly isTooFew: boolean;
  /** The seeds show a difference. */
  readonly isDifferent: boolean;
  /** The seeds show that the difference is smaller than the margin. */
  readonly isEquivalent: boolean;
  /** Seeds with which the difference, or else the equivalence, was first shown; null where neither is. */
  readonly decidedAt: number | null;
  /** Of a true difference as large as the margin or larger; null without a margin. */
  readonly equivalenceP: number | null;
  /** Holm's adjustment of it over all comparisons of the plan, in a family of its own. */
  readonly equivalenceHolmP: number | null;
  /** 95 % interval of the difference for new seeds. */
  readonly interval: readonly [number, number] | null;
  /** 95 % interval of the difference for new seeds and other images. */
  readonly newImages: readonly [number, number] | null;
}

/**
 * The verdict, by the first rule that applies (docs/statistics.md gives the reasons): `incomplete`; `better` or `worse`,
 * by the sign of the mean difference and the metric's goal; `equivalent`; `too-few-seeds`; `undecided`.
 */
export function judge(
  { isIncomplete, isTooFew, isDifferent, isEquivalent }: Evidence,
  meanDifference: number | null,
  { goal }: Pick<Metric, 'goal'>,
): Verdict {
  if (isIncomplete) return 'incomplete';
  if (isDifferent) return meanDifference! > 0 === (goal === 'maximize') ? 'better' : 'worse';
  if (isEquivalent) return 'equivalent';
  return isTooFew ? 'too-few-seeds' : 'undecided';
}

/** `beyond`: the whole interval lies outside of ±margin. It is not adjusted for other comparisons. */
export function judgeMargin({ isEquivalent, interval }: Evidence, margin: number): MarginVerdict {
  if (isEquivalent) return 'inside';
  const isBeyond = interval !== null && (interval[0] > margin || interval[1] < -margin);
  return isBeyond ? 'beyond' : 'open';
}

/** Whether the verdict holds for other images too. */
export function holdsOnNewImages(verdict: Verdict, { newImages }: Evidence, margin: number | null): boolean {
  if (newImages === null) return false;
  const [low, high] = newImages;
  switch (verdict) {
    case 'better':
    case 'worse':
      return low > 0 || high < 0;
    case 'equivalent':
      return margin !== null && low >= -margin && high <= margin;
    case 'undecided':
    case 'too-few-seeds':
    case 'incomplete':
      return false;
  }
}

export const isSignificant = (p: number | null): boolean => p !== null && p <= significanceLevel;
