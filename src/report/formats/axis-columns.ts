import type { Cell, Plan } from '../../plan/plan.js';
import { testNames } from '../statistics/trial-results.js';
import type { Column } from './to-csv.js';

/** A name as a column: `optimizer.learningRate` → `optimizer_learning_rate`. */
export function toColumn(axis: string): string {
  return axis.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('.', '_');
}

/** One column per axis of the plan: its value in a row's cell, empty where it does not exist in it. */
export function axisColumns<Row>(
  { axes }: Plan,
  cellOf: (row: Row) => Pick<Cell, 'axes'>,
  prefix = '',
): Column<Row>[] {
  return axes.map(({ name }) => ({
    name: prefix + toColumn(name),
    value: (row) => cellOf(row).axes[name] ?? null,
  }));
}

/** The metric as the start of a column: `val_accuracy`, a fraction; `val_loss`, nats. */
export const metricColumn = ({ metric }: Plan) => toColumn(metric.name);

/** The same of the test images. */
export const testMetricColumn = ({ metric }: Plan) => toColumn(testNames[metric.name]);
