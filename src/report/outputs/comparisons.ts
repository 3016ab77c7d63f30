import type { Plan } from '../../plan/plan.js';
import { axisColumns, metricColumn } from '../formats/axis-columns.js';
import { toCsv, type Column } from '../formats/to-csv.js';
import type { Output } from '../output.js';
import type { PairedComparison } from '../statistics/paired-comparisons.js';

/** One row per comparison of the plan; a header alone where the file has no `compare`. */
const output: Output = {
  fileName: 'comparisons.csv',
  render({ plan, comparisons }) {
    return toCsv(comparisonColumns(plan), comparisons);
  },
};

/** The columns of its rows; `--json` has them too. */
export function comparisonColumns(plan: Plan): readonly Column<PairedComparison>[] {
  return [
    ...axisColumns(plan, (row: PairedComparison) => row.cell),
    ...axisColumns(plan, (row: PairedComparison) => row.baseline, 'baseline_'),
    { name: 'pairs', value: (row) => row.pairs },
    { name: `${metricColumn(plan)}_mean_difference`, value: (row) => row.meanValidationDifference },
    { name: 'judged_on', value: (row) => row.judgedOn },
    { name: 'mean_difference', value: (row) => row.meanDifference },
    { name: 'anytime_low', value: (row) => row.anytimeInterval?.[0] ?? null },
    { name: 'anytime_high', value: (row) => row.anytimeInterval?.[1] ?? null },
    { name: 'mean_outside', value: (row) => row.meanOutside },
    { name: 'anytime_p', value: (row) => row.anytimeP },
    { name: 'anytime_holm_p', value: (row) => row.anytimeHolmP },
    { name: 'margin', value: () => plan.judging.margin },
    { name: 'equivalence_p', value: (row) => row.equivalenceP },
    { name: 'equivalence_holm_p', value: (row) => row.equivalenceHolmP },
    { name: 'margin_verdict', value: (row) => row.marginVerdict },
    { name: 'decided_at', value: (row) => row.decidedAt },
    { name: 'new_images_low', value: (row) => row.newImages?.[0] ?? null },
    { name: 'new_images_high', value: (row) => row.newImages?.[1] ?? null },
    { name: 'images_floor', value: (row) => row.images?.floor ?? null },
    { name: 'images_share', value: (row) => row.images?.share ?? null },
    { name: 'also_on_new_images', value: (row) => row.alsoOnNewImages },
    // Valid for one look at a number of seeds that was fixed beforehand, as are the tests that follow.
    { name: 'ci95_low', value: (row) => row.interval?.[0] ?? null },
    { name: 'ci95_high', value: (row) => row.interval?.[1] ?? null },
    { name: 'paired_t_p', value: (row) => row.tP },
    { name: 'holm_p', value: (row) => row.holmP },
    { name: 'exact_p', value: (row) => row.exactP },
    { name: 'smallest_exact_p', value: (row) => row.smallestExactP },
    { name: 'cohens_dz', value: (row) => row.dz },
    { name: 'smallest_difference', value: (row) => extreme(Math.min, row) },
    { name: 'largest_difference', value: (row) => extreme(Math.max, row) },
    { name: 'wins', value: (row) => row.wins },
    { name: 'ties', value: (row) => row.ties },
    { name: 'losses', value: (row) => row.losses },
    { name: 'missing_seeds', value: (row) => row.missingSeeds.join(' ') },
    { name: 'diverged_seeds', value: (row) => row.divergedSeeds.join(' ') },
    { name: 'untested_seeds', value: (row) => row.untestedSeeds.join(' ') },
    { name: 'verdict', value: (row) => row.verdict },
  ];
}

const extreme = (choose: (...values: number[]) => number, { differences }: PairedComparison) =>
  differences.length === 0 ? null : choose(...differences);

export default output;
