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
    { name: `${metricColumn(plan)}_mean_difference`, value: (row) => row.meanDifference },
    { name: 'ci95_low', value: (row) => row.interval?.[0] ?? null },
    { name: 'ci95_high', value: (row) => row.interval?.[1] ?? null },
    { name: 'paired_t_p', value: (row) => row.tP },
    { name: 'holm_p', value: (row) => row.holmP },
    { name: 'exact_p', value: (row) => row.exactP },
    { name: 'smallest_exact_p', value: (row) => row.smallestExactP },
    { name: 'cohens_dz', value: (row) => row.dz },
    { name: 'wins', value: (row) => row.wins },
    { name: 'ties', value: (row) => row.ties },
    { name: 'losses', value: (row) => row.losses },
    { name: 'missing_seeds', value: (row) => row.missingSeeds.join(' ') },
    { name: 'diverged_seeds', value: (row) => row.divergedSeeds.join(' ') },
    { name: 'verdict', value: (row) => row.verdict },
  ];
}

export default output;
