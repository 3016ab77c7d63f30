import type { Plan } from '../../plan/plan.js';
import { axisColumns, metricColumn, testMetricColumn } from '../formats/axis-columns.js';
import { toCsv, type Column } from '../formats/to-csv.js';
import type { Output } from '../output.js';
import type { LeaderboardRow } from '../statistics/leaderboard.js';
import { isHeldOut } from '../statistics/trial-results.js';

/** One row per cell, the best first. */
const output: Output = {
  fileName: 'leaderboard.csv',
  render({ plan, leaderboard }) {
    return toCsv(leaderboardColumns(plan), leaderboard);
  },
};

/** The columns of its rows; `--json` has them too. */
export function leaderboardColumns(plan: Plan): readonly Column<LeaderboardRow>[] {
  const metric = metricColumn(plan);
  const test = testMetricColumn(plan);
  const onTest: Column<LeaderboardRow>[] = [
    { name: `${test}_mean`, value: (row) => row.test?.mean ?? null },
    { name: `${test}_sd`, value: (row) => row.test?.sd ?? null },
    { name: 'test_ci95_low', value: (row) => row.test?.interval?.[0] ?? null },
    { name: 'test_ci95_high', value: (row) => row.test?.interval?.[1] ?? null },
    { name: 'untested', value: (row) => row.untested },
  ];
  const ranking: Column<LeaderboardRow>[] = [
    { name: 'ranked_seeds', value: (row) => row.rankedSeeds },
    { name: 'ranked_mean', value: (row) => row.rankedMean },
  ];
  return [
    { name: 'rank', value: (row) => row.rank },
    ...axisColumns(plan, (row: LeaderboardRow) => row.cell),
    { name: 'n', value: (row) => row.n },
    { name: `${metric}_mean`, value: (row) => row.mean },
    { name: `${metric}_sd`, value: (row) => row.sd },
    { name: 'ci95_low', value: (row) => row.interval?.[0] ?? null },
    { name: 'ci95_high', value: (row) => row.interval?.[1] ?? null },
    { name: 'min', value: (row) => row.min },
    { name: 'max', value: (row) => row.max },
    ...(isHeldOut(plan) ? onTest : []),
    ...(plan.untilDecided ? ranking : []),
    { name: 'tied_with_top', value: (row) => row.tiedWithTop },
    { name: 'best_epoch_mean', value: (row) => row.meanEpoch },
    { name: 'train_seconds_mean', value: (row) => row.meanTrainSeconds },
    { name: 'parameters', value: (row) => row.parameters },
    { name: 'diverged', value: (row) => row.diverged },
    { name: 'missing_seeds', value: (row) => row.missingSeeds.join(' ') },
  ];
}

export default output;
