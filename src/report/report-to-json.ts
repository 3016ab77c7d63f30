import type { Column } from './formats/to-csv.js';
import type { Report } from './analyse.js';
import { comparisonColumns } from './outputs/comparisons.js';
import { leaderboardColumns } from './outputs/leaderboard.js';
import { trialColumns } from './outputs/trials.js';

/** How a command that made a report has ended: its exit code, in words. */
export interface Exit {
  readonly code: number;
  readonly meaning: string;
}

/**
 * A report for programs, ready for JSON. Rows have the columns of the CSV files, and the same values.
 * @param directory where the outputs are; null where none were written
 */
export function reportToJson(report: Report, exit: Exit, directory: string | null) {
  const { plan, needed, results, misses, leaderboard, comparisons } = report;
  const withStatus = (status: string): number =>
    results.filter(({ outcome }) => outcome.status === status).length;
  return {
    name: plan.name,
    description: plan.description,
    exit,
    directory,
    metric: plan.metric,
    counts: {
      cells: plan.cells.length,
      seeds: plan.seeds.length,
      trials: plan.trials.length,
      /** Fewer than `trials` in a running design. */
      needed: needed.size,
      completed: withStatus('completed'),
      diverged: withStatus('diverged'),
      failed: withStatus('failed'),
      missing: needed.size - results.length,
    },
    leaderboard: toRecords(leaderboardColumns(plan), leaderboard),
    comparisons: toRecords(comparisonColumns(plan), comparisons),
    /** The trials that failed or diverged, as trials.csv has them. */
    withoutResult: toRecords(trialColumns(plan), misses),
  };
}

function toRecords<Row>(columns: readonly Column<Row>[], rows: readonly Row[]) {
  return rows.map((row) => Object.fromEntries(columns.map(({ name, value }) => [name, value(row)])));
}
