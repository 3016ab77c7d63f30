import type { Plan } from '../../plan/plan.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import { axisColumns } from '../formats/axis-columns.js';
import { toCsv, type Column } from '../formats/to-csv.js';
import type { Output } from '../output.js';
import { isHeldOut, type TrialResult } from '../statistics/trial-results.js';

/** One row per trial of the plan that has an outcome; measurements of the machine come last. */
const output: Output = {
  fileName: 'trials.csv',
  render({ plan, results }) {
    return toCsv(trialColumns(plan), results);
  },
};

/** The columns of its rows; `--json` has them too. */
export function trialColumns(plan: Plan): readonly Column<TrialResult>[] {
  return [
    { name: 'trial_id', value: ({ trial }) => trial.id },
    ...axisColumns(plan, ({ trial }: TrialResult) => plan.cells[trial.cellIndex]!),
    { name: 'seed', value: ({ trial }) => trial.seed },
    { name: 'status', value: ({ outcome }) => outcome.status },
    { name: 'selected_epoch', value: ({ selected }) => selected?.epoch ?? null },
    { name: 'val_accuracy', value: ({ selected }) => selected?.valAccuracy ?? null },
    { name: 'val_loss', value: ({ selected }) => selected?.valLoss ?? null },
    { name: 'val_balanced_accuracy', value: ({ selected }) => selected?.valBalancedAccuracy ?? null },
    { name: 'val_macro_f1', value: ({ selected }) => selected?.valMacroF1 ?? null },
    { name: 'val_top5', value: ({ selected }) => selected?.valTop5 ?? null },
    ...(isHeldOut(plan) ? onTest : []),
    { name: 'train_accuracy', value: ({ selected }) => selected?.trainAccuracy ?? null },
    { name: 'train_loss', value: ({ selected }) => selected?.trainLoss ?? null },
    // Not `epochs`: that parameter may be an axis.
    { name: 'epochs_trained', value: measured(({ epochs }) => epochs.length) },
    { name: 'parameters', value: measured(({ parameters }) => parameters) },
    { name: 'engine', value: measured(({ engine }) => engine) },
    { name: 'failure', value: ({ outcome }) => (outcome.status === 'failed' ? outcome.failure : null) },
    { name: 'cause', value: ({ outcome }) => causeOf(outcome) },
    { name: 'train_seconds', value: measured(({ trainSeconds }) => trainSeconds) },
    { name: 'peak_memory_bytes', value: measured(({ peakBytes }) => peakBytes) },
  ];
}

/** Of the selected epoch's weights; empty for trials of earlier versions. */
const onTest: readonly Column<TrialResult>[] = [
  { name: 'test_accuracy', value: ({ test }) => test?.testAccuracy ?? null },
  { name: 'test_loss', value: ({ test }) => test?.testLoss ?? null },
  { name: 'test_balanced_accuracy', value: ({ test }) => test?.testBalancedAccuracy ?? null },
  { name: 'test_macro_f1', value: ({ test }) => test?.testMacroF1 ?? null },
  { name: 'test_top5', value: ({ test }) => test?.testTop5 ?? null },
];

type Measured = Exclude<TrialOutcome, { status: 'failed' }>;

/** A figure of trials that did not fail. */
function measured<T>(figure: (outcome: Measured) => T): (result: TrialResult) => T | null {
  return ({ outcome }) => (outcome.status === 'failed' ? null : figure(outcome));
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

export default output;
