/** The exported table, read by what people analyse tables with. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyse } from '../../../src/report/analyse.js';
import { tidyTable } from '../../../src/report/export/tidy-table.js';
import { toParquet } from '../../../src/report/export/to-parquet.js';
import { toCsv } from '../../../src/report/formats/to-csv.js';
import { isInteger } from '../../../src/commands/export.js';
import { python, runPython } from '../../python.js';
import { outcomes, plan } from '../swept.js';

const report = analyse(plan, outcomes);
const table = tidyTable(report, isInteger);

/** What the report knows of each epoch, put together without the table's columns. */
const expected = report.results.flatMap(({ trial, outcome, selected }): Record<string, unknown>[] => {
  const cell = plan.cells[trial.cellIndex]!;
  const of = {
    experiment: 'flip',
    trial_id: trial.id,
    trial: trial.label,
    cell: trial.cellIndex + 1,
    seed: trial.seed,
    augmentation: cell.axes.augmentation,
    dropout: cell.axes.dropout,
    alpha: 1,
    batch_size: 64,
    class_weights: 'none',
    dataset: 'fashion-mnist',
    early_stopping_patience: 0,
    early_stopping_min_delta: 0,
    epochs: 3,
    fit: 'crop',
    frozen_blocks: 0,
    gradient_clip: 0,
    label_smoothing: 0,
    normalization: 'unit',
    optimizer_name: 'adam',
    optimizer_learning_rate: 0.001,
    precision: 'float32',
    resolution: 56,
    schedule_name: 'constant',
    schedule_warmup_epochs: 0,
    test_time_flip: false,
    train_subset: 59_900,
    weights: 'none',
    validation: 'holdout',
    holdout_images: 100,
    status: outcome.status,
  };
  if (outcome.status === 'failed')
    return [{ ...of, failure: 'crash', cause: 'its process ended, by "kill"' }];
  return outcome.epochs.map((record) => ({
    ...of,
    epoch: record.epoch,
    selected: record.epoch === selected!.epoch,
    train_loss: record.trainLoss,
    train_accuracy: record.trainAccuracy,
    val_loss: record.valLoss,
    val_accuracy: record.valAccuracy,
    val_balanced_accuracy: record.valBalancedAccuracy,
    val_macro_f1: record.valMacroF1,
    val_top5: record.valTop5,
    ...(outcome.status === 'completed' && record.epoch === 3 ? { test_loss: 1.25, test_accuracy: 0.7 } : {}),
    seconds: record.seconds,
    images_per_second: 59_900 / record.seconds,
    train_seconds: 40,
    peak_memory_bytes: 5e8,
    parameters: 123_456,
    engine: 'tensorflow-cpu',
  }));
});

const names = table.columns.map(({ name }) => name);
const rows = expected.map((row) => names.map((name) => row[name] ?? null));

test('each trial and epoch is a row, each variable a column of one type', () => {
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(Object.keys(expected.at(-1)!)));
  expect(table.rows.map((row) => table.columns.map(({ value }) => value(row)))).toEqual(rows);
  const types = Object.fromEntries(table.columns.map(({ name, type }) => [name, type]));
  expect(types).toMatchObject({
    seed: 'integer',
    augmentation: 'text',
    dropout: 'number',
    alpha: 'number',
    optimizer_learning_rate: 'number',
    resolution: 'integer',
    early_stopping_patience: 'integer',
    early_stopping_min_delta: 'number',
    train_subset: 'integer',
    holdout_images: 'integer',
    test_time_flip: 'boolean',
    selected: 'boolean',
    peak_memory_bytes: 'integer',
  });
});

/** The same table from each reader: its types, and its rows without nulls of any kind. */
const reader = `
import json, sys
import duckdb, pandas
folder, names = sys.argv[1], json.loads(sys.argv[2])
def rows(frame):
    assert list(frame.columns) == names, list(frame.columns)
    objects = frame.astype(object).where(frame.notna(), None)
    return [[value.item() if hasattr(value, 'item') else value for value in row] for row in objects.itertuples(index=False)]
frames = {
    'pandas csv': pandas.read_csv(folder + '/t.csv', float_precision='round_trip'),
    'pandas parquet': pandas.read_parquet(folder + '/t.parquet'),
}
out = {name: dict(rows=rows(frame), types={c: str(t) for c, t in frame.dtypes.items()}) for name, frame in frames.items()}
for kind in ['csv', 'parquet']:
    relation = duckdb.sql(f"select * from '{folder}/t.{kind}'")
    assert relation.columns == names
    out['duckdb ' + kind] = dict(rows=[list(row) for row in relation.fetchall()], types=dict(zip(names, map(str, relation.types))))
print(json.dumps(out))
`;

describe.skipIf(python === null)('read back', () => {
  test(
    'by pandas and DuckDB, from CSV and Parquet: every value, with its type',
    { timeout: 120_000 },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'runner-table-'));
      writeFileSync(join(folder, 't.csv'), toCsv(table.columns, table.rows));
      writeFileSync(join(folder, 't.parquet'), toParquet(table));
      const read = JSON.parse(await runPython(reader, folder, JSON.stringify(names))) as Record<
        string,
        { rows: unknown[][]; types: Record<string, string> }
      >;
      expect(Object.keys(read)).toHaveLength(4);
      for (const [name, { rows: found }] of Object.entries(read)) expect(found, name).toEqual(rows);
      expect(read['duckdb parquet']!.types).toEqual(
        Object.fromEntries(
          table.columns.map(({ name, type }) => [
            name,
            { text: 'VARCHAR', integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN' }[type],
          ]),
        ),
      );
      expect(read['pandas parquet']!.types).toMatchObject({
        seed: 'int64',
        dropout: 'float64',
        test_time_flip: 'bool',
      });
    },
  );
});

test('a table made again is the same, byte for byte', () => {
  expect(toParquet(tidyTable(report, isInteger))).toEqual(toParquet(table));
});

test('a fraction in a column of whole numbers, as a journal of somebody’s own may have it, is left out of Parquet', () => {
  const [id] = [...outcomes].find(([, { status }]) => status === 'completed')!;
  const odd = new Map([...outcomes, [id, { ...outcomes.get(id)!, peakBytes: 1.5 } as never]]);
  const without = new Map([...outcomes, [id, { ...outcomes.get(id)!, peakBytes: null } as never]]);
  const parquetOf = (known: typeof outcomes) => toParquet(tidyTable(analyse(plan, known), isInteger));
  expect(parquetOf(odd)).toEqual(parquetOf(without));
});
