import type { Cell, Plan } from '../../plan/plan.js';
import { projectSeeds, smallestDecidable } from '../statistics/decidability.js';
import { significanceLevel } from '../statistics/statistics.js';
import type { PairedComparison } from '../statistics/paired-comparisons.js';
import { smallestExactP } from '../statistics/sign-flip-test.js';
import { isHeldOut } from '../statistics/trial-results.js';
import { count } from '../../diagnostics/count.js';
import { showMargin, unitOf } from './units.js';

/** More seeds than this are not foretold. */
const farthestProjection = 200;

/**
 * One sentence: `flip is better than none by 0.41 points (0.12 to 0.70 at any look; 9 seeds)`. A point is a hundredth of
 * the accuracy; a loss is in nats. The interval has the sign of what is said: of a lead, or of a deficit.
 */
export function describeComparison(comparison: PairedComparison, plan: Plan): string {
  const { cell, baseline, differs, pairs } = comparison;
  const [own, other] = [nameOf(cell, differs), nameOf(baseline, differs)];
  const where = describeShared(comparison, plan);
  const { gap, position, bounds } = describeGap(comparison, plan);
  const evidence = describeEvidence(comparison, plan, bounds);
  const { margin } = plan.judging;
  const within = margin === null ? '' : showMargin(margin, plan);
  switch (comparison.verdict) {
    case 'better':
    case 'worse': {
      const small = comparison.marginVerdict === 'inside' ? `, and less than ${within}` : '';
      const images = comparison.alsoOnNewImages ? ', also on new images' : '';
      return `${own} is ${comparison.verdict} than ${other}${where} by ${gap}${small}${images}${evidence}`;
    }
    case 'equivalent': {
      const images = comparison.alsoOnNewImages ? ', also on new images' : '';
      return `${own} and ${other}${where} are equivalent within ${within}${images}: ${own} ${position}${evidence}`;
    }
    case 'undecided':
      return `${own} against ${other}${where} is undecided: ${own} ${position}${evidence}${foretell(comparison, plan)}`;
    case 'too-few-seeds':
      return `too few seeds to tell ${own} from ${other}${where}, ${pairs} of at least ${fewestSeeds(plan)}${pairs === 0 ? '' : `: ${own} ${position}`}`;
    case 'incomplete':
      return describeIncomplete(comparison, `${own} against ${other}${where}`, `${own} ${position}`);
  }
}

function describeIncomplete(
  { pairs, seedsNeeded, missingSeeds, divergedSeeds }: PairedComparison,
  names: string,
  position: string,
): string {
  const missing = missingSeeds.length - divergedSeeds.length;
  const lacks = [
    ...(divergedSeeds.length > 0 ? [`${divergedSeeds.length} diverged`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
  ];
  const soFar = pairs === 0 ? '' : `; so far ${position}`;
  return `${names} is incomplete, ${pairs} of ${count(seedsNeeded, 'seed')} (${lacks.join(', ') || 'other comparisons lack seeds'})${soFar}`;
}

/** The interval, the seeds and the images that the sentence rests on, in brackets. */
function describeEvidence(comparison: PairedComparison, plan: Plan, bounds: string): string {
  const { pairs, untestedSeeds, judgedOn, holmP, equivalenceHolmP, exactP, meanOutside } = comparison;
  const seeds = count(pairs, 'seed');
  const images =
    untestedSeeds.length > 0
      ? ['on the validation images, some trials have no test value']
      : judgedOn === 'test' && isHeldOut(plan)
        ? ['test images']
        : [];
  if (plan.judging.stopping === 'anytime') {
    const outside = meanOutside ? ['the mean has left this interval'] : [];
    const interval = bounds === '' ? [] : [`${bounds} at any look`];
    return ` (${[...interval, ...outside, [seeds, ...images].join(', ')].join('; ')})`;
  }
  const isEquivalent = comparison.verdict === 'equivalent';
  const isHeldBack = holmP! <= significanceLevel && comparison.verdict === 'undecided';
  const exact = isHeldBack ? [describeP('exact', exactP)] : [];
  const parts = [
    bounds === '' ? '' : `95 % ${bounds}`,
    seeds,
    describeP('Holm', isEquivalent ? equivalenceHolmP : holmP),
    ...exact,
    ...images,
  ];
  return ` (${parts.filter((part) => part !== '').join(', ')})`;
}

/** How many seeds would settle it, if the differences go on as they are; empty where nothing can be said. */
function foretell({ meanDifference, sd, pairs }: PairedComparison, { judging, comparisons }: Plan): string {
  if (judging.stopping === 'fixed' || meanDifference === null || sd === null || sd === 0) return '';
  const { seeds, ifLarger, ifSmaller, toEquivalence } = projectSeeds({
    mean: meanDifference,
    sd,
    n: pairs,
    alpha: significanceLevel / comparisons.length,
    margin: judging.margin,
    limit: farthestProjection,
  });
  if (toEquivalence !== null && (seeds === null || toEquivalence < seeds))
    return `; about ${toEquivalence} in all would show equivalence if it goes on like this`;
  if (seeds === null)
    return `; more than ${farthestProjection} in all would be needed if it goes on like this`;
  const most = ifSmaller === null ? `more than ${farthestProjection}` : String(ifSmaller);
  return `; about ${seeds} (${ifLarger} to ${most}) in all would settle it if it goes on like this`;
}

/** The fewest seeds that can show a difference in the plan. */
function fewestSeeds({ judging, comparisons }: Plan): number {
  if (judging.stopping === 'anytime') return smallestDecidable(comparisons.length);
  return [1, 2, 3, 4, 5, 6, 7, 8].find((pairs) => smallestExactP(pairs)! <= significanceLevel)!;
}

/** Texts are shown alone, numbers with their axis: `flip`, `dropout 0.2`, `flip + dropout 0.2`. */
function nameOf({ axes }: Cell, names: readonly string[]): string {
  return names
    .map((name) => {
      const value = axes[name];
      if (value === undefined) return `no ${name}`;
      return typeof value === 'string' ? value : `${name} ${value}`;
    })
    .join(' + ');
}

/** The axes that the two share, where the plan has several values of them: ` at resolution 28`. */
function describeShared({ cell, differs }: PairedComparison, { axes }: Plan): string {
  const shared = axes.filter(
    ({ name, values }) => values.length > 1 && !differs.includes(name) && cell.axes[name] !== undefined,
  );
  if (shared.length === 0) return '';
  return ` at ${shared.map(({ name }) => `${name} ${cell.axes[name]}`).join(', ')}`;
}

/** How far the cell is ahead or behind, and the interval of just that. */
function describeGap({ meanDifference, anytimeInterval, interval }: PairedComparison, plan: Plan) {
  const goal = plan.metric.goal === 'maximize' ? 1 : -1;
  const lead = goal * (meanDifference ?? 0);
  const sign = lead < 0 ? -goal : goal; // turns differences so that the gap is positive
  const { scale, decimals, name: unit } = unitOf(plan);
  const show = (difference: number) =>
    (sign * scale * difference)
      .toFixed(decimals)
      .replace(/^-(?=[0.]+$)/, '')
      .replace('-', '−');
  const valid = plan.judging.stopping === 'anytime' ? anytimeInterval : interval;
  const ends = valid && (sign > 0 ? valid : valid.toReversed());
  const gap = `${show(meanDifference ?? 0)} ${unit}`;
  return {
    gap,
    position: lead === 0 ? 'level on average' : `${lead > 0 ? 'ahead' : 'behind'} by ${gap}`,
    bounds: ends ? ends.map(show).join(' to ') : '',
  };
}

function describeP(name: string, p: number | null): string {
  if (p === null) return '';
  return p < 0.001 ? `${name} p < 0.001` : `${name} p ${p.toFixed(3)}`;
}
