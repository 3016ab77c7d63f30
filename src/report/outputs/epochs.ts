import type { EpochRecord } from '../../trial/outcome.js';
import type { Trial } from '../../plan/plan.js';
import { axisColumns } from '../formats/axis-columns.js';
import { toCsv, type Column } from '../formats/to-csv.js';
import type { Output } from '../output.js';

interface EpochRow {
  readonly trial: Trial;
  readonly record: EpochRecord;
}

/** One row per trial and epoch. */
const output: Output = {
  fileName: 'epochs.csv',
  render({ plan, results }) {
    const columns: Column<EpochRow>[] = [
      { name: 'trial_id', value: ({ trial }) => trial.id },
      ...axisColumns(plan, ({ trial }: EpochRow) => plan.cells[trial.cellIndex]!),
      { name: 'seed', value: ({ trial }) => trial.seed },
      { name: 'epoch', value: ({ record }) => record.epoch },
      { name: 'train_loss', value: ({ record }) => record.trainLoss },
      { name: 'train_accuracy', value: ({ record }) => record.trainAccuracy },
      { name: 'val_loss', value: ({ record }) => record.valLoss },
      { name: 'val_accuracy', value: ({ record }) => record.valAccuracy },
      { name: 'val_balanced_accuracy', value: ({ record }) => record.valBalancedAccuracy ?? null },
      { name: 'val_macro_f1', value: ({ record }) => record.valMacroF1 ?? null },
      { name: 'val_top5', value: ({ record }) => record.valTop5 ?? null },
      { name: 'seconds', value: ({ record }) => record.seconds },
    ];
    const rows = results.flatMap(({ trial, outcome }) =>
      outcome.status === 'failed' ? [] : outcome.epochs.map((record) => ({ trial, record })),
    );
    return toCsv(columns, rows);
  },
};

export default output;
