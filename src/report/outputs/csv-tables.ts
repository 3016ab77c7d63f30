import type { TrialStates } from '../../plan/trial-state.js';
import type { Plan, Trial } from '../../plan/plan.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import { rankCells } from '../statistics/leaderboard.js';
import { comparePairs } from '../statistics/paired-comparisons.js';
import { axisColumns, axisFields, metricColumn, toCsv, type Row } from './to-csv.js';
import { selectEpoch } from '../statistics/trial-results.js';

/** One row a cell, the best first. */
export function leaderboardCsv(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): string {
  const metric = metricColumn(plan);
  const columns = [
    'rank',
    ...axisColumns(plan),
    'n',
    `${metric}_mean`,
    `${metric}_sd`,
    'ci95_low',
    'ci95_high',
    'min',
    'max',
    'tied_with_top',
    'best_epoch_mean',
    'train_seconds_mean',
    'parameters',
    'diverged',
    'missing_seeds',
  ];
  const rows = rankCells(plan, outcomes).map((row) => ({
    rank: row.rank,
    ...axisFields(plan, row.cell),
    n: row.n,
    [`${metric}_mean`]: row.mean,
    [`${metric}_sd`]: row.sd,
    ci95_low: row.interval?.[0] ?? null,
    ci95_high: row.interval?.[1] ?? null,
    min: row.min,
    max: row.max,
    tied_with_top: row.tiedWithTop,
    best_epoch_mean: row.meanEpoch,
    train_seconds_mean: row.meanTrainSeconds,
    parameters: row.parameters,
    diverged: row.diverged,
    missing_seeds: row.missingSeeds.join(' '),
  }));
  return toCsv(columns, rows);
}

/** One row a comparison of the plan; a header alone where the file has no `compare`. */
export function comparisonsCsv(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): string {
  const difference = `${metricColumn(plan)}_mean_difference`;
  const columns = [
    ...axisColumns(plan),
    ...axisColumns(plan, 'baseline_'),
    'pairs',
    difference,
    'ci95_low',
    'ci95_high',
    'paired_t_p',
    'holm_p',
    'exact_p',
    'smallest_exact_p',
    'cohens_dz',
    'wins',
    'ties',
    'losses',
    'missing_seeds',
    'diverged_seeds',
    'verdict',
  ];
  const rows = comparePairs(plan, outcomes).map((row) => ({
    ...axisFields(plan, row.cell),
    ...axisFields(plan, row.baseline, 'baseline_'),
    pairs: row.pairs,
    [difference]: row.meanDifference,
    ci95_low: row.interval?.[0] ?? null,
    ci95_high: row.interval?.[1] ?? null,
    paired_t_p: row.tP,
    holm_p: row.holmP,
    exact_p: row.exactP,
    smallest_exact_p: row.smallestExactP,
    cohens_dz: row.dz,
    wins: row.wins,
    ties: row.ties,
    losses: row.losses,
    missing_seeds: row.missingSeeds.join(' '),
    diverged_seeds: row.divergedSeeds.join(' '),
    verdict: row.verdict,
  }));
  return toCsv(columns, rows);
}

/** One row a cell of the plan: its axes, its seeds, and how many of its trials are in each state. */
export function cellsCsv(plan: Plan, states: TrialStates): string {
  const columns = ['cell', ...axisColumns(plan), 'seeds', 'done', 'new', 'retryable', 'failed'];
  const counts = plan.cells.map(() => ({ seeds: 0, done: 0, new: 0, retryable: 0, failed: 0 }));
  for (const { id, cellIndex } of plan.trials) {
    const count = counts[cellIndex]!;
    count.seeds++;
    count[states.get(id) ?? 'new']++;
  }
  const rows = plan.cells.map((cell, index) => ({
    cell: index + 1,
    ...axisFields(plan, cell),
    ...counts[index],
  }));
  return toCsv(columns, rows);
}

/** One row a trial of the plan that has an outcome; measurements of the machine come last. */
export function trialsCsv(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): string {
  const columns = [
    'trial_id',
    ...axisColumns(plan),
    'seed',
    'status',
    'selected_epoch',
    'val_accuracy',
    'val_loss',
    'train_accuracy',
    'train_loss',
    'epochs_trained', // not `epochs`: that parameter may be an axis
    'parameters',
    'engine',
    'failure',
    'cause',
    'train_seconds',
    'peak_memory_bytes',
  ];
  const axes = plan.cells.map((cell) => axisFields(plan, cell));
  const rows = plan.trials.flatMap((trial) => {
    const outcome = outcomes.get(trial.id);
    return outcome
      ? [{ trial_id: trial.id, ...axes[trial.cellIndex], ...outcomeFields(plan, trial, outcome) }]
      : [];
  });
  return toCsv(columns, rows);
}

function outcomeFields(plan: Plan, trial: Trial, outcome: TrialOutcome): Row {
  const measured = outcome.status === 'failed' ? null : outcome;
  const selected = measured && measured.epochs.length > 0 ? selectEpoch(measured.epochs, plan.metric) : null;
  return {
    seed: trial.seed,
    status: outcome.status,
    selected_epoch: selected?.epoch ?? null,
    val_accuracy: selected?.valAccuracy ?? null,
    val_loss: selected?.valLoss ?? null,
    train_accuracy: selected?.trainAccuracy ?? null,
    train_loss: selected?.trainLoss ?? null,
    epochs_trained: measured?.epochs.length ?? null,
    parameters: measured?.parameters ?? null,
    engine: measured?.engine ?? null,
    failure: outcome.status === 'failed' ? outcome.failure : null,
    cause: causeOf(outcome),
    train_seconds: measured?.trainSeconds ?? null,
    peak_memory_bytes: measured?.peakBytes ?? null,
  };
}

function causeOf(outcome: TrialOutcome): string | null {
  switch (outcome.status) {
    case 'completed':
      return null;
    case 'diverged':
      return `loss not finite in epoch ${outcome.epoch} at step ${outcome.step}`;
    case 'failed':
      return outcome.cause;
  }
}

/** One row a trial and epoch. */
export function epochsCsv(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): string {
  const columns = [
    'trial_id',
    ...axisColumns(plan),
    'seed',
    'epoch',
    'train_loss',
    'train_accuracy',
    'val_loss',
    'val_accuracy',
    'seconds',
  ];
  const axes = plan.cells.map((cell) => axisFields(plan, cell));
  const rows = plan.trials.flatMap((trial) => {
    const outcome = outcomes.get(trial.id);
    if (!outcome || outcome.status === 'failed') return [];
    return outcome.epochs.map((record) => ({
      trial_id: trial.id,
      ...axes[trial.cellIndex],
      seed: trial.seed,
      epoch: record.epoch,
      train_loss: record.trainLoss,
      train_accuracy: record.trainAccuracy,
      val_loss: record.valLoss,
      val_accuracy: record.valAccuracy,
      seconds: record.seconds,
    }));
  });
  return toCsv(columns, rows);
}
