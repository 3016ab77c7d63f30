import type { Plan } from '../../plan/plan.js';
import { detectable, smallestDecidable } from './decidability.js';
import type { PairedComparison } from './paired-comparisons.js';

/** What the seeds of a plan can tell, whatever they give. In standard deviations of the differences. */
export interface Power {
  /** The fewest seeds that can show a difference. */
  readonly smallestDecidable: number;
  /** With a chance of 80 %; null where so few seeds cannot. */
  readonly rows: readonly {
    readonly seeds: number;
    /** The smallest difference that is shown. */
    readonly difference: number | null;
    /** The smallest margin within which settings that do the same are shown to be equivalent. */
    readonly margin: number | null;
  }[];
  /** The standard deviation so far, pooled over the comparisons, in the metric's unit; null without two pairs of one. */
  readonly sd: number | null;
  /** That it rests on. */
  readonly pairs: number;
  /** Whether more seeds could still decide a comparison. */
  readonly isOpen: boolean;
}

/** Numbers of seeds between the least and the most of a running design. */
const steps = [8, 12, 20, 30, 40, 60, 100];

/** Null where nothing is compared, and at a fixed number of seeds. @param comparisons the plan's, as far as they are known */
export function powerOf(
  plan: Plan,
  comparisons: readonly Pick<PairedComparison, 'sd' | 'pairs' | 'verdict'>[],
): Power | null {
  const family = plan.comparisons.length;
  if (family === 0 || plan.judging.stopping === 'fixed') return null;
  const most = plan.seeds.length;
  const fewest = plan.untilDecided?.min ?? most;
  const counts = [
    fewest,
    ...steps.filter((seeds) => seeds > fewest && seeds < most),
    ...(fewest < most ? [most] : []),
  ];
  return {
    smallestDecidable: smallestDecidable(family),
    rows: counts.map((seeds) => ({ seeds, ...detectable(seeds, family) })),
    ...pool(comparisons),
    isOpen: comparisons.some(
      ({ verdict = 'undecided' }) => verdict === 'undecided' || verdict === 'too-few-seeds',
    ),
  };
}

/** Root of the mean variance, weighted by the degrees of freedom. */
function pool(comparisons: readonly Pick<PairedComparison, 'sd' | 'pairs'>[]): Pick<Power, 'sd' | 'pairs'> {
  const known = comparisons.filter(({ sd }) => sd !== null);
  const freedom = known.reduce((sum, { pairs }) => sum + pairs - 1, 0);
  const squares = known.reduce((sum, { sd, pairs }) => sum + (pairs - 1) * sd! ** 2, 0);
  return {
    sd: freedom === 0 ? null : Math.sqrt(squares / freedom),
    pairs: known.reduce((sum, { pairs }) => sum + pairs, 0),
  };
}
