import type { Metric, Plan, Trial } from '../../plan/plan.js';
import type { EpochRecord, TrialOutcome } from '../../trial/outcome.js';

/** A trial that has ended. */
export interface TrialResult {
  readonly trial: Trial;
  readonly outcome: TrialOutcome;
  /** The epoch that the metric selects; null where the trial has none. */
  readonly selected: EpochRecord | null;
}

/** The figure that the metric takes of an epoch. */
function metricValue(record: EpochRecord, metric: Metric): number {
  return metric.name === 'valAccuracy' ? record.valAccuracy : record.valLoss;
}

/** The epoch that counts: the last, or the best by the metric (the first of equals). Null without any. */
function selectEpoch(outcome: TrialOutcome, metric: Metric): EpochRecord | null {
  if (outcome.status === 'failed' || outcome.epochs.length === 0) return null;
  if (metric.select === 'last') return outcome.epochs.at(-1)!;
  const sign = metric.goal === 'maximize' ? 1 : -1;
  return outcome.epochs.reduce((best, record) =>
    sign * metricValue(record, metric) > sign * metricValue(best, metric) ? record : best,
  );
}

/** The plan's trials that have an outcome, in its order. */
export function collectResults(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): TrialResult[] {
  return plan.trials.flatMap((trial) => {
    const outcome = outcomes.get(trial.id);
    return outcome ? [{ trial, outcome, selected: selectEpoch(outcome, plan.metric) }] : [];
  });
}

/** A cell's seeds in the plan's order: the metric's value where the trial was completed, else why there is none. */
export type SeedValues = ReadonlyMap<number, number | 'diverged' | 'missing'>;

/** Of each cell of the plan. */
export function valuesBySeed(plan: Plan, results: readonly TrialResult[]): SeedValues[] {
  const values = plan.cells.map(() => new Map<number, number | 'diverged' | 'missing'>());
  for (const { cellIndex, seed } of plan.trials) values[cellIndex]!.set(seed, 'missing');
  for (const { trial, outcome, selected } of results) {
    const cell = values[trial.cellIndex]!;
    if (outcome.status === 'diverged') cell.set(trial.seed, 'diverged');
    else if (outcome.status === 'completed' && selected)
      cell.set(trial.seed, metricValue(selected, plan.metric));
  }
  return values;
}
