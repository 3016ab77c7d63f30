import type { Metric, Plan, Trial } from '../../plan/plan.js';
import type { EpochRecord, TrialOutcome } from '../../trial/outcome.js';

/** A finished trial's figures at the epoch that the metric selects. */
export interface TrialResult {
  readonly trial: Trial;
  /** The metric's value. */
  readonly value: number;
  readonly selected: EpochRecord;
  readonly outcome: Extract<TrialOutcome, { status: 'completed' }>;
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
