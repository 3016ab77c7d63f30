import type { Cell, Plan } from '../../plan/plan.js';
import { significanceLevel, type PairedComparison } from '../statistics/paired-comparisons.js';
import { smallestExactP } from '../statistics/sign-flip-test.js';
import { count } from '../../diagnostics/count.js';

/**
 * One sentence: `flip beats none by 0.41 points (95 % 0.22 to 0.60, 6 seeds, Holm p 0.004)`. A point is a hundredth
 * of the accuracy; a loss is in nats. The interval has the sign of what is said: of a lead, or of a deficit.
 */
export function describeComparison(comparison: PairedComparison, plan: Plan): string {
  const { cell, baseline, differs, pairs, missingSeeds, divergedSeeds } = comparison;
  const [own, other] = [nameOf(cell, differs), nameOf(baseline, differs)];
  const where = describeShared(comparison, plan);
  const { gap, position, interval } = describeGap(comparison, plan);
  const seeds = count(pairs, 'seed');
  const evidence = (...parts: string[]) => {
    const known = [interval, ...parts].filter((part) => part !== '');
    return known.length === 0 ? '' : ` (${known.join(', ')})`;
  };
  switch (comparison.verdict) {
    case 'better':
      return `${own} beats ${other}${where} by ${gap}${evidence(seeds, describeP('Holm', comparison.holmP))}`;
    case 'worse':
      return `${own} loses to ${other}${where} by ${gap}${evidence(seeds, describeP('Holm', comparison.holmP))}`;
    case 'no-clear-difference': {
      const isHeldBack = comparison.holmP! <= significanceLevel; // by the exact test, which is otherwise left out
      const exact = isHeldBack ? [describeP('exact', comparison.exactP)] : [];
      const tests = evidence(seeds, describeP('Holm', comparison.holmP), ...exact);
      return `no clear difference between ${own} and ${other}${where}: ${own} ${position}${tests}`;
    }
    case 'too-few-seeds':
      return `too few seeds to tell ${own} from ${other}${where}, ${pairs} of at least ${fewestPairs}: ${own} ${position}${evidence()}`;
    case 'incomplete': {
      const missing = missingSeeds.length - divergedSeeds.length;
      const lacks = [
        ...(divergedSeeds.length > 0 ? [`${divergedSeeds.length} diverged`] : []),
        ...(missing > 0 ? [`${missing} missing`] : []),
      ];
      const soFar = pairs === 0 ? '' : `; so far ${own} ${position}`;
      return `${own} against ${other}${where} is incomplete, ${pairs} of ${count(pairs + missingSeeds.length, 'seed')} (${lacks.join(', ')})${soFar}`;
    }
  }
}

/** The fewest pairs whose smallest exact p is not above the level: 6. */
const fewestPairs = [1, 2, 3, 4, 5, 6, 7, 8].find((pairs) => smallestExactP(pairs)! <= significanceLevel)!;

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
function describeGap({ meanDifference, interval }: PairedComparison, { metric }: Plan) {
  const goal = metric.goal === 'maximize' ? 1 : -1;
  const lead = goal * (meanDifference ?? 0);
  const sign = lead < 0 ? -goal : goal; // turns differences so that the gap is positive
  const [scale, decimals, unit] = metric.name === 'valAccuracy' ? [100, 2, 'points'] : [1, 4, 'nats'];
  const show = (difference: number) =>
    (sign * scale * difference)
      .toFixed(decimals)
      .replace(/^-(?=[0.]+$)/, '')
      .replace('-', '−');
  const ends = interval && (sign > 0 ? interval : interval.toReversed());
  const gap = `${show(meanDifference ?? 0)} ${unit}`;
  return {
    gap,
    position: lead === 0 ? 'level on average' : `${lead > 0 ? 'ahead' : 'behind'} by ${gap}`,
    interval: ends ? `95 % ${ends.map(show).join(' to ')}` : '',
  };
}

function describeP(name: string, p: number | null): string {
  if (p === null) return '';
  return p < 0.001 ? `${name} p < 0.001` : `${name} p ${p.toFixed(3)}`;
}
