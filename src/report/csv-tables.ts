import { createObjectCsvStringifier } from 'csv-writer';
import type { Plan, Trial } from '../plan/trial.js';
import type { TrialOutcome } from '../run/outcome.js';
import { rankCells } from './leaderboard.js';
import { selectEpoch } from './trial-results.js';

type Value = string | number | boolean | null;
type Row = Readonly<Record<string, Value>>;

/** RFC 4180 with LF: a header, then the rows. Null is an empty field. */
function toCsv(columns: readonly string[], rows: readonly Row[]): string {
  const csv = createObjectCsvStringifier({ header: columns.map((id) => ({ id, title: id })) });
  const records = rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column, row[column] === null ? '' : String(row[column])])),
  );
  return csv.getHeaderString()! + csv.stringifyRecords(records);
}

/** Axis names as columns: `optimizer.learningRate` → `optimizer_learning_rate`. */
function axisColumn(axis: string): string {
  return axis.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('.', '_');
}

function axisFields(plan: Plan, trial: Pick<Trial, 'cellIndex'>): Row {
  const { axes } = plan.cells[trial.cellIndex]!;
  return Object.fromEntries(plan.axes.map(({ name }) => [axisColumn(name), axes[name] ?? null]));
}

const axisColumns = (plan: Plan) => plan.axes.map(({ name }) => axisColumn(name));

/** One row a cell, the best first. */
export function leaderboardCsv(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): string {
  const metric = plan.metric.name === 'valAccuracy' ? 'val_accuracy' : 'val_loss';
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
    ...axisFields(plan, { cellIndex: row.cell.index }),
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
    'epochs',
    'parameters',
    'engine',
    'cause',
    'train_seconds',
    'peak_memory_bytes',
  ];
  const rows = plan.trials.flatMap((trial) => {
    const outcome = outcomes.get(trial.id);
    return outcome
      ? [{ trial_id: trial.id, ...axisFields(plan, trial), ...outcomeFields(plan, trial, outcome) }]
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
    epochs: measured?.epochs.length ?? null,
    parameters: measured?.parameters ?? null,
    engine: measured?.engine ?? null,
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
  const rows = plan.trials.flatMap((trial) => {
    const outcome = outcomes.get(trial.id);
    if (!outcome || outcome.status === 'failed') return [];
    return outcome.epochs.map((record) => ({
      trial_id: trial.id,
      ...axisFields(plan, trial),
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
