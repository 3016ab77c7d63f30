import { createObjectCsvStringifier } from 'csv-writer';
import type { Cell, Plan } from '../plan/trial.js';

type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/** RFC 4180 with LF: a header, then the rows. Null is an empty field. */
export function toCsv(columns: readonly string[], rows: readonly Row[]): string {
  const csv = createObjectCsvStringifier({ header: columns.map((id) => ({ id, title: id })) });
  const header = csv.getHeaderString()!;
  return rows.length === 0 ? header : header + csv.stringifyRecords(rows);
}

/** An axis name as a column: `optimizer.learningRate` → `optimizer_learning_rate`. */
function axisColumn(axis: string): string {
  return axis.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('.', '_');
}

/** A cell's value of each axis; null for an axis that does not exist in it. */
export function axisFields(plan: Plan, { axes }: Pick<Cell, 'axes'>, prefix = ''): Row {
  return Object.fromEntries(plan.axes.map(({ name }) => [prefix + axisColumn(name), axes[name] ?? null]));
}

/** The columns of `axisFields`, in its order. */
export const axisColumns = (plan: Plan, prefix = '') =>
  plan.axes.map(({ name }) => prefix + axisColumn(name));

/** The metric as the start of a column: `val_accuracy`, a fraction; `val_loss`, nats. */
export const metricColumn = ({ metric }: Plan) =>
  metric.name === 'valAccuracy' ? 'val_accuracy' : 'val_loss';
