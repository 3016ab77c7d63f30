import jstat from 'jstat';
import type { Cell, Metric, Plan, Trial } from '../plan/trial.js';
import type { EpochRecord, TrialOutcome } from '../run/outcome.js';

/** A finished trial's figures at the epoch that the metric selects. */
export interface TrialResult {
  readonly trial: Trial;
  /** The metric's value. */
  readonly value: number;
  readonly selected: EpochRecord;
  readonly outcome: Extract<TrialOutcome, { status: 'completed' }>;
}

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
  /** 95 % t interval of the mean over seeds. */
  readonly interval: readonly [number, number] | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Mean of the selected epochs. */
  readonly meanEpoch: number | null;
  /** Mean seconds a trial. */
  readonly meanTrainSeconds: number | null;
  readonly parameters: number | null;
  /** The 95 % t interval of the paired difference to the first cell contains 0; null where it cannot be told. */
  readonly tiedWithTop: boolean | null;
}

/** The figure that the metric takes of an epoch. */
function metricValue(record: EpochRecord, metric: Metric): number {
  return metric.name === 'valAccuracy' ? record.valAccuracy : record.valLoss;
}

/** The epoch that counts: the last, or the best by the metric (the first of equals). */
export function selectEpoch(epochs: readonly EpochRecord[], metric: Metric): EpochRecord {
  if (metric.select === 'last') return epochs.at(-1)!;
  const sign = metric.goal === 'maximize' ? 1 : -1;
  return epochs.reduce((best, record) =>
    sign * metricValue(record, metric) > sign * metricValue(best, metric) ? record : best,
  );
}

/** Results of the completed trials, by trial id. */
export function collectResults(
  plan: Plan,
  outcomes: ReadonlyMap<string, TrialOutcome>,
): ReadonlyMap<string, TrialResult> {
  const results = new Map<string, TrialResult>();
  for (const trial of plan.trials) {
    const outcome = outcomes.get(trial.id);
    if (outcome?.status !== 'completed') continue;
    const selected = selectEpoch(outcome.epochs, plan.metric);
    results.set(trial.id, { trial, outcome, selected, value: metricValue(selected, plan.metric) });
  }
  return results;
}

/** Half the width of the 95 % t interval of the mean; null below two values. */
export function intervalHalfWidth(values: readonly number[]): number | null {
  const deviation = standardDeviation(values);
  if (deviation === null) return null;
  return (jstat.studentt.inv(0.975, values.length - 1) * deviation) / Math.sqrt(values.length);
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function standardDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const center = mean(values)!;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

/** Ranks the cells by their mean over seeds: complete cells first, then the incomplete, unranked. */
export function rankCells(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): LeaderboardRow[] {
  const results = collectResults(plan, outcomes);
  const trialsOfCell = plan.cells.map((): Trial[] => []);
  for (const trial of plan.trials) trialsOfCell[trial.cellIndex]!.push(trial);

  const rows = plan.cells.map((cell, index) => {
    const trials = trialsOfCell[index]!;
    const found = trials.flatMap((trial) => results.get(trial.id) ?? []);
    return {
      cell,
      bySeed: new Map(found.map((result) => [result.trial.seed, result.value])),
      row: describeCell(cell, trials, found, outcomes),
    };
  });
  const sign = plan.metric.goal === 'maximize' ? -1 : 1;
  rows.sort(
    (a, b) =>
      Number(a.row.missingSeeds.length > 0) - Number(b.row.missingSeeds.length > 0) ||
      (a.row.mean === null || b.row.mean === null
        ? Number(a.row.mean === null) - Number(b.row.mean === null)
        : sign * (a.row.mean - b.row.mean)) ||
      a.cell.index - b.cell.index,
  );
  const top = rows[0];
  return rows.map(({ row, bySeed }, place) => ({
    ...row,
    rank: row.missingSeeds.length > 0 ? null : place + 1,
    tiedWithTop: bySeed === top?.bySeed ? true : tied(bySeed, top?.bySeed ?? new Map<number, number>()),
  }));
}

function describeCell(
  cell: Cell,
  trials: readonly Trial[],
  results: readonly TrialResult[],
  outcomes: ReadonlyMap<string, TrialOutcome>,
): Omit<LeaderboardRow, 'rank' | 'tiedWithTop'> {
  const values = results.map((result) => result.value);
  const center = mean(values);
  const halfWidth = intervalHalfWidth(values);
  const finished = new Set(results.map((result) => result.trial.seed));
  return {
    cell,
    n: values.length,
    diverged: trials.filter((trial) => outcomes.get(trial.id)?.status === 'diverged').length,
    missingSeeds: trials.map((trial) => trial.seed).filter((seed) => !finished.has(seed)),
    mean: center,
    sd: standardDeviation(values),
    interval: center === null || halfWidth === null ? null : [center - halfWidth, center + halfWidth],
    min: values.length === 0 ? null : Math.min(...values),
    max: values.length === 0 ? null : Math.max(...values),
    meanEpoch: mean(results.map((result) => result.selected.epoch)),
    meanTrainSeconds: mean(results.map((result) => result.outcome.trainSeconds)),
    parameters: results[0]?.outcome.parameters ?? null,
  };
}

function tied(values: ReadonlyMap<number, number>, top: ReadonlyMap<number, number>): boolean | null {
  const differences = [...values].flatMap(([seed, value]) => {
    const other = top.get(seed);
    return other === undefined ? [] : [value - other];
  });
  const halfWidth = intervalHalfWidth(differences);
  return halfWidth === null ? null : Math.abs(mean(differences)!) <= halfWidth;
}
