import type { Cell, Plan } from '../../plan/plan.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import { comparePairs, significanceLevel } from './paired-comparisons.js';
import { areEqual, mean, standardDeviation, tInterval } from './statistics.js';
import type { SeedValues, TrialResult } from './trial-results.js';

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

/**
 * Ranks the cells by their mean over seeds: complete cells first, then the incomplete, unranked. Equal means have the
 * same rank, and the next rank counts them (1, 1, 3); the plan's order decides who is listed first.
 * @param values of each cell of the plan
 */
export function rankCells(
  plan: Plan,
  results: readonly TrialResult[],
  values: readonly SeedValues[],
): LeaderboardRow[] {
  const completed = plan.cells.map((): CompletedResult[] => []);
  for (const { trial, outcome, selected } of results)
    if (outcome.status === 'completed' && selected)
      completed[trial.cellIndex]!.push({ outcome, epoch: selected.epoch });
  const rows = plan.cells.map((cell, index) => summarizeCell(cell, values[index]!, completed[index]!));

  const sign = plan.metric.goal === 'maximize' ? -1 : 1;
  const compareMeans = (a: CellSummary, b: CellSummary): number => {
    if (a.mean === null || b.mean === null) return Number(a.mean === null) - Number(b.mean === null);
    return areEqual(a.mean, b.mean) ? 0 : sign * (a.mean - b.mean);
  };
  const sorted = (some: readonly CellSummary[]) =>
    some.toSorted((a, b) => compareMeans(a, b) || a.cell.index - b.cell.index);
  const complete = sorted(rows.filter(({ missingSeeds }) => missingSeeds.length === 0));
  const incomplete = sorted(rows.filter(({ missingSeeds }) => missingSeeds.length > 0));

  const [top, ...others] = complete.map(({ cell }) => cell.index);
  const apart = cellsApartFrom(top, others, plan, values);
  let rank = 1;
  return [
    ...complete.map((row, place) => {
      if (place > 0 && compareMeans(complete[place - 1]!, row) !== 0) rank = place + 1;
      return { ...row, rank, tiedWithTop: rank === 1 || !apart.has(row.cell.index) };
    }),
    ...incomplete.map((row) => ({ ...row, rank: null, tiedWithTop: null })),
  ];
}

/**
 * The cells that the seeds tell from the top: Holm-adjusted over all that are compared with it, the paired t test
 * has a p of at most 0.05. A screening, weaker than a verdict: the data chose the top, and no exact test is asked.
 */
function cellsApartFrom(
  top: number | undefined,
  others: readonly number[],
  plan: Plan,
  values: readonly SeedValues[],
): ReadonlySet<number> {
  if (top === undefined) return new Set();
  const family = others.map((cell) => ({ cell, baseline: top, differs: [] }));
  const apart = comparePairs(plan, values, family, true).filter(({ holmP }) => holmP! <= significanceLevel);
  return new Set(apart.map(({ cell }) => cell.index));
}

type CellSummary = Omit<LeaderboardRow, 'rank' | 'tiedWithTop'>;

interface CompletedResult {
  readonly outcome: Extract<TrialOutcome, { status: 'completed' }>;
  /** The selected one. */
  readonly epoch: number;
}

function summarizeCell(cell: Cell, bySeed: SeedValues, completed: readonly CompletedResult[]): CellSummary {
  const values = [...bySeed.values()].filter((value) => typeof value === 'number');
  return {
    cell,
    n: values.length,
    diverged: [...bySeed.values()].filter((value) => value === 'diverged').length,
    missingSeeds: [...bySeed].filter(([, value]) => typeof value !== 'number').map(([seed]) => seed),
    mean: mean(values),
    sd: standardDeviation(values),
    interval: tInterval(values),
    min: values.length === 0 ? null : Math.min(...values),
    max: values.length === 0 ? null : Math.max(...values),
    meanEpoch: mean(completed.map(({ epoch }) => epoch)),
    meanTrainSeconds: mean(completed.map(({ outcome }) => outcome.trainSeconds)),
    parameters: completed[0]?.outcome.parameters ?? null,
  };
}
