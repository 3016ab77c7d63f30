import { createObjectCsvStringifier } from 'csv-writer';
import type { Cell, Plan } from '../../plan/plan.js';

type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/** RFC 4180 with LF: a header, then the rows. Null is an empty field. No text is a formula to a spreadsheet. */
export function toCsv(columns: readonly string[], rows: readonly Row[]): string {
  const csv = createObjectCsvStringifier({ header: columns.map((id) => ({ id, title: id })) });
  const header = csv.getHeaderString()!;
  return rows.length === 0 ? header : header + csv.stringifyRecords(rows.map(disarm));
}

/** What begins a formula in a spreadsheet (OWASP, CSV injection), in full width too. */
const formula = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

function disarm(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, disarmValue(value)]));
}

/** Numbers stay as they are, also below 0. */
function disarmValue(value: Value): Value {
  if (typeof value !== 'string') return value;
  // A carriage return ends a row for spreadsheets, and csv-writer does not quote it.
  const lines = value.replace(/\r\n?/g, '\n');
  return formula.test(value) ? `'${lines}` : lines;
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
