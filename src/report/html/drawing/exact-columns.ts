import type { Column } from '../../formats/to-csv.js';
import type { TableColumn } from './plot.js';

/** The columns of a CSV file as those of a table, each value as exact as there. */
export function exactColumns<Row>(columns: readonly Column<Row>[]): TableColumn<Row>[] {
  return columns.map(({ name, value }) => ({
    title: name,
    value,
    content: (row) => {
      const own = value(row);
      if (own === null) return '';
      return typeof own === 'number' && !Number.isInteger(own) ? Number(own.toPrecision(5)) : String(own);
    },
  }));
}
