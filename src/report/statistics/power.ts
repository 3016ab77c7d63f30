import type { Plan } from '../../plan/plan.js';
import { detectable, smallestDecidable } from './decidability.js';
import type { playPlan } from './plan-rounds.js';
import { standardDeviation } from './statistics.js';

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

/** A comparison, as far as its power is concerned. */
export interface Spread {
  /** Sample standard deviation of the differences; null below two. */
  readonly sd: number | null;
  readonly pairs: number;
  /** More seeds could still decide it. */
  readonly isOpen: boolean;
}

/** Of the plan's comparisons, without their tests: some of these take milliseconds each. @param played by `playPlan` */
export function spreadOfPairs({ pairs, rounds }: ReturnType<typeof playPlan>): Spread[] {
  return pairs.map(({ differences }, index) => {
    const { seeds, isBroken, differentAt, equivalentAt } = rounds.standings[index]!;
    const numbers = differences.slice(0, seeds).filter((value) => typeof value === 'number');
    return {
      sd: standardDeviation(numbers),
      pairs: numbers.length,
      isOpen: !isBroken && differentAt === null && equivalentAt === null,
    };
  });
}

/** Numbers of seeds between the least and the most of a running design. */
const steps = [8, 12, 20, 30, 40, 60, 100];

/** Null where nothing is compared, and at a fixed number of seeds. @param spreads of the plan's comparisons */
export function powerOf(plan: Plan, spreads: readonly Spread[]): Power | null {
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
    ...pool(spreads),
    isOpen: spreads.some(({ isOpen }) => isOpen),
  };
}

/** Root of the mean variance, weighted by the degrees of freedom. */
function pool(spreads: readonly Spread[]): Pick<Power, 'sd' | 'pairs'> {
  const known = spreads.filter(({ sd }) => sd !== null);
  const freedom = known.reduce((sum, { pairs }) => sum + pairs - 1, 0);
  const squares = known.reduce((sum, { sd, pairs }) => sum + (pairs - 1) * sd! ** 2, 0);
  return {
    sd: freedom === 0 ? null : Math.sqrt(squares / freedom),
    pairs: known.reduce((sum, { pairs }) => sum + pairs, 0),
  };
}
