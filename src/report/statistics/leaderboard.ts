import type { Cell, Plan } from '../../plan/plan.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import { isSignificant } from './judge.js';
import { pairUp } from './pair-up.js';
import { playRounds } from './rounds.js';
import { areEqual, mean, standardDeviation, tInterval } from './statistics.js';
import { isHeldOut, type CellValues, type SeedValues, type TrialResult } from './trial-results.js';

/** Figures of one measure over a cell's seeds, null where there are too few for them. */
export interface Distribution {
  readonly mean: number | null;
  /** Sample standard deviation (n − 1). */
  readonly sd: number | null;
  /** 95 % t interval of the mean over seeds; null below two, and where all values are equal. */
  readonly interval: readonly [number, number] | null;
}

/** One cell over the seeds that it needs. The figures are of the metric, on the validation images. */
export interface LeaderboardRow extends Distribution {
  /** From 1; null for a cell with missing seeds, which is listed after the complete ones. */
  readonly rank: number | null;
  readonly cell: Cell;
  /** Trials with a result. */
  readonly n: number;
  readonly diverged: number;
  /** Seeds that it needs and has no result of. */
  readonly missingSeeds: readonly number[];
  /**
   * What it is ranked by: the mean over the seeds that all cells need, of which there are `rankedSeeds`. Cells that need
   * more than others may have had luckier or unluckier ones.
   */
  readonly rankedMean: number | null;
  readonly rankedSeeds: number;
  readonly min: number | null;
  readonly max: number | null;
  /** The metric on the test images; null where these are the validation images, and where a trial lacks it. */
  readonly test: Distribution | null;
  /** Completed trials without a test value. */
  readonly untested: number;
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
 * @param results of needed trials
 * @param values of each cell of the plan
 * @param seedsNeeded of each cell, how many of the plan's seeds it needs
 */
export function rankCells(
  plan: Plan,
  results: readonly TrialResult[],
  values: readonly CellValues[],
  seedsNeeded: readonly number[],
): LeaderboardRow[] {
  const completed = plan.cells.map((): CompletedResult[] => []);
  for (const { trial, outcome, selected } of results)
    if (outcome.status === 'completed' && selected)
      completed[trial.cellIndex]!.push({ outcome, epoch: selected.epoch });
  const rankedSeeds = Math.min(...seedsNeeded);
  const heldOut = isHeldOut(plan);
  const rows = plan.cells.map((cell, index) =>
    summarizeCell(cell, values[index]!, seedsNeeded[index]!, rankedSeeds, heldOut, completed[index]!),
  );

  const sign = plan.metric.goal === 'maximize' ? -1 : 1;
  const compareMeans = (a: CellSummary, b: CellSummary): number => {
    const [first, second] = [a.rankedMean, b.rankedMean];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return areEqual(first, second) ? 0 : sign * (first - second);
  };
  const sorted = (some: readonly CellSummary[]) =>
    some.toSorted((a, b) => compareMeans(a, b) || a.cell.index - b.cell.index);
  const complete = sorted(rows.filter(({ missingSeeds }) => missingSeeds.length === 0));
  const incomplete = sorted(rows.filter(({ missingSeeds }) => missingSeeds.length > 0));

  const [top, ...others] = complete.map(({ cell }) => cell.index);
  const apart = cellsApartFrom(top, others, plan, values, rankedSeeds);
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
 * The cells that the seeds tell from the top, on the validation images: a p that is valid at any look, Holm-adjusted over
 * all that are compared with the top, is at most 0.05. A screening, weaker than a verdict: the data chose the top.
 */
function cellsApartFrom(
  top: number | undefined,
  others: readonly number[],
  plan: Plan,
  values: readonly CellValues[],
  seeds: number,
): ReadonlySet<number> {
  if (top === undefined) return new Set();
  const comparisons = others.map((cell) => ({ cell, baseline: top, differs: [] }));
  const { standings } = playRounds({
    comparisons,
    differences: comparisons.map((one) => pairUp(one, plan, values).validationDifferences.slice(0, seeds)),
    cells: plan.cells.length,
    seeds,
    untilDecided: null,
    margin: null,
  });
  return new Set(others.filter((_, index) => isSignificant(standings[index]!.anytimeHolmP)));
}

type CellSummary = Omit<LeaderboardRow, 'rank' | 'tiedWithTop'>;

interface CompletedResult {
  readonly outcome: Extract<TrialOutcome, { status: 'completed' }>;
  /** The selected one. */
  readonly epoch: number;
}

function summarizeCell(
  cell: Cell,
  { judgedOn, validation, test, untestedSeeds }: CellValues,
  seedsNeeded: number,
  rankedSeeds: number,
  heldOut: boolean,
  completed: readonly CompletedResult[],
): CellSummary {
  const needed = [...validation].slice(0, seedsNeeded);
  const values = numbersOf(validation, seedsNeeded);
  const ids = new Set(needed.map(([seed]) => seed));
  const untested = untestedSeeds.filter((seed) => ids.has(seed)).length;
  return {
    cell,
    n: values.length,
    diverged: needed.filter(([, value]) => value === 'diverged').length,
    missingSeeds: needed.filter(([, value]) => typeof value !== 'number').map(([seed]) => seed),
    ...describeDistribution(values),
    rankedMean: mean(numbersOf(validation, rankedSeeds)),
    rankedSeeds,
    min: values.length === 0 ? null : Math.min(...values),
    max: values.length === 0 ? null : Math.max(...values),
    test:
      heldOut && judgedOn === 'test' && untested === 0
        ? describeDistribution(numbersOf(test, seedsNeeded))
        : null,
    untested,
    meanEpoch: mean(completed.map(({ epoch }) => epoch)),
    meanTrainSeconds: mean(completed.map(({ outcome }) => outcome.trainSeconds)),
    parameters: completed[0]?.outcome.parameters ?? null,
  };
}

/** The values of the first seeds, without those that have none. */
function numbersOf(values: SeedValues, seeds: number): number[] {
  return [...values.values()].slice(0, seeds).filter((value) => typeof value === 'number');
}

function describeDistribution(values: readonly number[]): Distribution {
  return { mean: mean(values), sd: standardDeviation(values), interval: tInterval(values) };
}
