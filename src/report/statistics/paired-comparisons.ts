import type { Cell, Comparison, Metric, Plan } from '../../plan/plan.js';
import { adjustByHolm } from './holm.js';
import { signFlipTest, smallestExactP } from './sign-flip-test.js';
import { cohensDz, mean, tInterval, tTest } from './statistics.js';
import type { SeedValues } from './trial-results.js';

/** What the seeds say of a cell against its baseline; `judge` has the rule. */
export type Verdict = 'better' | 'worse' | 'no-clear-difference' | 'too-few-seeds' | 'incomplete';

/** Chance of a false `better` or `worse` that is accepted: in each test, and in a whole family of comparisons. */
export const significanceLevel = 0.05;

/** A cell against its baseline over the seeds that have a result in both. Differences are cell − baseline. */
export interface PairedComparison {
  readonly cell: Cell;
  readonly baseline: Cell;
  /** The axes in which the two differ. */
  readonly differs: readonly string[];
  /** Seeds with a result in both. */
  readonly pairs: number;
  /** Seeds of the plan without a result in one of the two. */
  readonly missingSeeds: readonly number[];
  /** Those of them where a trial diverged. */
  readonly divergedSeeds: readonly number[];
  /** In the metric's unit: a fraction for accuracy, nats for loss. Null without pairs. */
  readonly meanDifference: number | null;
  /** 95 % t interval of the mean difference, not adjusted; null below two pairs and where all differences equal. */
  readonly interval: readonly [number, number] | null;
  /** Two-sided p of the paired t test; null where the interval is. */
  readonly tP: number | null;
  /** Two-sided p of the exact sign-flip test; null without pairs and beyond `maximumExactPairs`. */
  readonly exactP: number | null;
  /** The smallest `exactP` that so many pairs can give. */
  readonly smallestExactP: number | null;
  /** Holm's adjustment of `tP` over all comparisons of the family; null where incomplete. */
  readonly holmP: number | null;
  /** Cohen's d_z: the mean difference in standard deviations of the differences; null where the interval is. */
  readonly dz: number | null;
  /** Pairs in which the cell is the better one by the metric's goal. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  readonly verdict: Verdict;
}

/**
 * Compares pairs of cells as one family: those of the plan's `compare`, or those given. In their order. A screening
 * does without the exact test where there is a t test.
 * @param values of each cell of the plan
 */
export function comparePairs(
  plan: Plan,
  values: readonly SeedValues[],
  family: readonly Comparison[] = plan.comparisons,
  screening = false,
): PairedComparison[] {
  const figures = family.map(({ cell, baseline, differs }) => ({
    cell: plan.cells[cell]!,
    baseline: plan.cells[baseline]!,
    differs,
    ...comparePair(values[cell]!, values[baseline]!, plan.metric, screening),
  }));
  const adjusted = adjustByHolm(figures.map(familyP));
  return figures.map((figure, index) => {
    const holmP = figure.missingSeeds.length > 0 ? null : adjusted[index]!;
    return { ...figure, holmP, verdict: judge({ ...figure, holmP }, plan.metric) };
  });
}

/**
 * The p that enters the family. An incomplete comparison counts as 1: it takes its place in the family from the
 * start, so that a p that is known can only fall when the rest arrives. Where the t test says nothing, since there
 * is one pair or all differences are equal, the exact test speaks for it.
 */
function familyP({
  missingSeeds,
  tP,
  exactP,
}: Pick<PairedComparison, 'missingSeeds' | 'tP' | 'exactP'>): number {
  return missingSeeds.length > 0 ? 1 : (tP ?? exactP ?? 1);
}

/**
 * The verdict, by the first rule that applies (docs/statistics.md gives the reasons):
 * 1. `incomplete`: a seed of the plan has no result in one of the two cells.
 * 2. `too-few-seeds`: the smallest attainable exact p is above 0.05, which is so below six seeds.
 * 3. `better` or `worse`, by the sign of the mean difference and the metric's goal: the Holm-adjusted p of the
 *    paired t test is at most 0.05, and so is the exact p, where it is computed.
 * 4. `no-clear-difference`: otherwise.
 */
export function judge(
  figures: Pick<
    PairedComparison,
    'pairs' | 'missingSeeds' | 'meanDifference' | 'smallestExactP' | 'exactP' | 'holmP'
  >,
  { goal }: Pick<Metric, 'goal'>,
): Verdict {
  const { meanDifference, smallestExactP, exactP, holmP } = figures;
  if (figures.missingSeeds.length > 0 || meanDifference === null || holmP === null) return 'incomplete';
  if (smallestExactP === null || smallestExactP > significanceLevel) return 'too-few-seeds';
  if (holmP > significanceLevel || (exactP ?? 0) > significanceLevel) return 'no-clear-difference';
  return meanDifference > 0 === (goal === 'maximize') ? 'better' : 'worse';
}

function comparePair(own: SeedValues, other: SeedValues, { goal }: Metric, screening: boolean) {
  const differences: number[] = [];
  const missingSeeds: number[] = [];
  const divergedSeeds: number[] = [];
  for (const seed of new Set([...own.keys(), ...other.keys()])) {
    const [value = 'missing', baseline = 'missing'] = [own.get(seed), other.get(seed)];
    if (typeof value === 'number' && typeof baseline === 'number') {
      differences.push(value - baseline);
      continue;
    }
    missingSeeds.push(seed);
    if (value === 'diverged' || baseline === 'diverged') divergedSeeds.push(seed);
  }
  const tP = tTest(differences);
  const isWin = (difference: number) => (goal === 'maximize' ? difference > 0 : difference < 0);
  const wins = differences.filter(isWin).length;
  const ties = differences.filter((difference) => difference === 0).length;
  return {
    pairs: differences.length,
    missingSeeds,
    divergedSeeds,
    meanDifference: mean(differences),
    interval: tInterval(differences),
    tP,
    exactP: screening && tP !== null ? null : signFlipTest(differences),
    smallestExactP: smallestExactP(differences.length),
    dz: cohensDz(differences),
    wins,
    ties,
    losses: differences.length - wins - ties,
  };
}
