import type { Cell, Plan, Trial } from '../../plan/plan.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import { comparePairs, significanceLevel } from './paired-comparisons.js';
import { mean, standardDeviation, tInterval } from './statistics.js';
import { collectResults, type TrialResult } from './trial-results.js';

/** One cell over its seeds. Figures are null where there are too few trials for them. */
export interface LeaderboardRow {
  /** From 1; null for a cell with missing seeds, which is listed after the complete ones. */
  readonly rank: number | null;
  readonly cell: Cell;
  /** Trials with a result. */
  readonly n: number;
  readonly diverged: number;
  /** Seeds of the plan without a result. */
  readonly missingSeeds: readonly number[];
  readonly mean: number | null;
  /** Sample standard deviation (n − 1). */
  readonly sd: number | null;
  /** 95 % t interval of the mean over seeds; null below two, and where all values are equal. */
  readonly interval: readonly [number, number] | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Mean of the selected epochs. */
  readonly meanEpoch: number | null;
  /** Mean seconds a trial. */
  readonly meanTrainSeconds: number | null;
  readonly parameters: number | null;
  /** The first cell, and every one that the seeds do not tell from it; null for a cell with missing seeds. */
  readonly tiedWithTop: boolean | null;
}

/** Ranks the cells by their mean over seeds: complete cells first, then the incomplete, unranked. */
export function rankCells(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): LeaderboardRow[] {
  const results = collectResults(plan, outcomes);
  const trialsOfCell = plan.cells.map((): Trial[] => []);
  for (const trial of plan.trials) trialsOfCell[trial.cellIndex]!.push(trial);

  const rows = plan.cells.map((cell, index) => {
    const trials = trialsOfCell[index]!;
    const found = trials.flatMap((trial) => results.get(trial.id) ?? []);
    return describeCell(cell, trials, found, outcomes);
  });
  const sign = plan.metric.goal === 'maximize' ? -1 : 1;
  rows.sort(
    (a, b) =>
      Number(a.missingSeeds.length > 0) - Number(b.missingSeeds.length > 0) ||
      (a.mean === null || b.mean === null
        ? Number(a.mean === null) - Number(b.mean === null)
        : sign * (a.mean - b.mean)) ||
      a.cell.index - b.cell.index,
  );
  const ranked = rows.filter((row) => row.missingSeeds.length === 0).map((row) => row.cell.index);
  const apart = cellsApartFrom(ranked[0], ranked.slice(1), plan, outcomes);
  return rows.map((row, place) => {
    const complete = row.missingSeeds.length === 0;
    return {
      ...row,
      rank: complete ? place + 1 : null,
      tiedWithTop: complete ? !apart.has(row.cell.index) : null,
    };
  });
}

/**
 * The cells that the seeds tell from the top: Holm-adjusted over all that are compared with it, the paired t test
 * has a p of at most 0.05. A screening, weaker than a verdict: the data chose the top, and no exact test is asked.
 */
function cellsApartFrom(
  top: number | undefined,
  others: readonly number[],
  plan: Plan,
  outcomes: ReadonlyMap<string, TrialOutcome>,
): ReadonlySet<number> {
  if (top === undefined) return new Set();
  const family = others.map((cell) => ({ cell, baseline: top, differs: [] }));
  const apart = comparePairs(plan, outcomes, family, true).filter(({ holmP }) => holmP! <= significanceLevel);
  return new Set(apart.map(({ cell }) => cell.index));
}

function describeCell(
  cell: Cell,
  trials: readonly Trial[],
  results: readonly TrialResult[],
  outcomes: ReadonlyMap<string, TrialOutcome>,
): Omit<LeaderboardRow, 'rank' | 'tiedWithTop'> {
  const values = results.map((result) => result.value);
  const finished = new Set(results.map((result) => result.trial.seed));
  return {
    cell,
    n: values.length,
    diverged: trials.filter((trial) => outcomes.get(trial.id)?.status === 'diverged').length,
    missingSeeds: trials.map((trial) => trial.seed).filter((seed) => !finished.has(seed)),
    mean: mean(values),
    sd: standardDeviation(values),
    interval: tInterval(values),
    min: values.length === 0 ? null : Math.min(...values),
    max: values.length === 0 ? null : Math.max(...values),
    meanEpoch: mean(results.map((result) => result.selected.epoch)),
    meanTrainSeconds: mean(results.map((result) => result.outcome.trainSeconds)),
    parameters: results[0]?.outcome.parameters ?? null,
  };
}
