import type { AxisValue } from '../../plan/plan.js';
import type { EpochRecord, TestRecord } from '../../trial/outcome.js';
import type { Report } from '../analyse.js';
import { toColumn } from '../formats/axis-columns.js';
import { parameterPaths, parametersOf, type Scalar } from '../formats/parameter-columns.js';
import type { TrialResult } from '../statistics/trial-results.js';

/** One type for a column, whatever its values: `integer` is a 64-bit one, `number` a 64-bit float. */
export type ColumnType = 'text' | 'integer' | 'number' | 'boolean';

export interface TidyColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly value: (row: TidyRow) => Scalar;
}

/** One epoch of a trial. Of a trial without any, which failed or diverged in its first, one row without an epoch. */
export interface TidyRow {
  readonly result: TrialResult;
  readonly record: EpochRecord | null;
  /** What the test images said of this epoch's weights, where they were asked. */
  readonly test: TestRecord | null;
}

export interface TidyTable {
  readonly columns: readonly TidyColumn[];
  readonly rows: readonly TidyRow[];
}

/**
 * All trials that have ended, in the plan's order: one row per trial and epoch, one column per variable. Names are those of
 * the CSV files.
 * @param isInteger of a parameter by its path, such as `optimizer.learningRate`: its values are whole numbers
 */
export function tidyTable({ plan, results }: Report, isInteger: (path: string) => boolean): TidyTable {
  const parameters = plan.cells.map(parametersOf);
  const cellOf = ({ result }: TidyRow) => plan.cells[result.trial.cellIndex]!;
  const axes = plan.axes.map(({ name, values }): TidyColumn => ({
    name: toColumn(name),
    type: typeOf(values, isInteger(name)),
    value: (row) => cellOf(row).axes[name] ?? null,
  }));
  const fixed = parameterPaths(parameters, plan.axes).map(({ path, column }): TidyColumn => ({
    name: column,
    type: typeOf(
      parameters.map((cell) => cell.get(path) ?? null),
      isInteger(path),
    ),
    value: (row) => parameters[row.result.trial.cellIndex]!.get(path) ?? null,
  }));
  return {
    columns: [
      { name: 'experiment', type: 'text', value: () => plan.name },
      { name: 'trial_id', type: 'text', value: ({ result }) => result.trial.id },
      { name: 'trial', type: 'text', value: ({ result }) => result.trial.label },
      { name: 'cell', type: 'integer', value: (row) => cellOf(row).index + 1 },
      { name: 'seed', type: 'integer', value: ({ result }) => result.trial.seed },
      ...axes,
      ...fixed,
      ...measures,
    ],
    rows: results.flatMap(rowsOf),
  };
}

function rowsOf(result: TrialResult): TidyRow[] {
  const { outcome } = result;
  if (outcome.status === 'failed' || outcome.epochs.length === 0)
    return [{ result, record: null, test: null }];
  const tests = new Map((outcome.tests ?? []).map((test) => [test.epoch, test]));
  return outcome.epochs.map((record) => ({ result, record, test: tests.get(record.epoch) ?? null }));
}

function ofEpoch(
  name: string,
  type: ColumnType,
  figure: (record: EpochRecord) => number | undefined,
): TidyColumn {
  return { name, type, value: ({ record }) => (record && figure(record)) ?? null };
}

function ofTest(name: string, figure: (test: TestRecord) => number | undefined): TidyColumn {
  return { name, type: 'number', value: ({ test }) => (test && figure(test)) ?? null };
}

/** Of a trial that did not fail. */
function ofTrial(
  name: string,
  type: ColumnType,
  figure: (outcome: Exclude<TrialResult['outcome'], { status: 'failed' }>) => Scalar,
): TidyColumn {
  return {
    name,
    type,
    value: ({ result: { outcome } }) => (outcome.status === 'failed' ? null : figure(outcome)),
  };
}

const measures: readonly TidyColumn[] = [
  { name: 'status', type: 'text', value: ({ result }) => result.outcome.status },
  ofEpoch('epoch', 'integer', ({ epoch }) => epoch),
  {
    name: 'selected',
    type: 'boolean',
    value: ({ result, record }) => record && record.epoch === result.selected?.epoch,
  },
  ofEpoch('train_loss', 'number', (record) => record.trainLoss),
  ofEpoch('train_accuracy', 'number', (record) => record.trainAccuracy),
  ofEpoch('val_loss', 'number', (record) => record.valLoss),
  ofEpoch('val_accuracy', 'number', (record) => record.valAccuracy),
  ofEpoch('val_balanced_accuracy', 'number', (record) => record.valBalancedAccuracy),
  ofEpoch('val_macro_f1', 'number', (record) => record.valMacroF1),
  ofEpoch('val_top5', 'number', (record) => record.valTop5),
  ofTest('test_loss', (test) => test.testLoss),
  ofTest('test_accuracy', (test) => test.testAccuracy),
  ofTest('test_balanced_accuracy', (test) => test.testBalancedAccuracy),
  ofTest('test_macro_f1', (test) => test.testMacroF1),
  ofTest('test_top5', (test) => test.testTop5),
  ofEpoch('seconds', 'number', (record) => record.seconds),
  {
    // Training images by the epoch's seconds, its evaluation included.
    name: 'images_per_second',
    type: 'number',
    value: ({ result, record }) => record && result.trial.params.trainSubset / record.seconds,
  },
  ofTrial('train_seconds', 'number', ({ trainSeconds }) => trainSeconds),
  ofTrial('peak_memory_bytes', 'integer', ({ peakBytes }) => peakBytes),
  ofTrial('parameters', 'integer', ({ parameters }) => parameters),
  ofTrial('engine', 'text', ({ engine }) => engine),
  {
    name: 'failure',
    type: 'text',
    value: ({ result: { outcome } }) => (outcome.status === 'failed' ? outcome.failure : null),
  },
  {
    name: 'cause',
    type: 'text',
    value: ({ result: { outcome } }) => (outcome.status === 'failed' ? outcome.cause : null),
  },
];

/** Numbers are whole only where the parameter says so: another sweep may have others in the same column. */
function typeOf(values: readonly (AxisValue | null)[], isInteger: boolean): ColumnType {
  const given = values.filter((value) => value !== null);
  if (given.length > 0 && given.every((value) => typeof value === 'boolean')) return 'boolean';
  if (given.length > 0 && given.every((value) => typeof value === 'number'))
    return isInteger ? 'integer' : 'number';
  return 'text';
}
