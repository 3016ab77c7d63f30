import { createArrayCsvStringifier } from 'csv-writer';

/** Null is an empty field. */
export type CsvValue = string | number | boolean | null;

export interface Column<Row> {
  readonly name: string;
  readonly value: (row: Row) => CsvValue;
}

/** RFC 4180 with LF: a header, then the rows. No text is a formula to a spreadsheet. */
export function toCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const csv = createArrayCsvStringifier({ header: columns.map(({ name }) => name) });
  const header = csv.getHeaderString()!;
  if (rows.length === 0) return header;
  return header + csv.stringifyRecords(rows.map((row) => columns.map(({ value }) => disarm(value(row)))));
}

/** What begins a formula in a spreadsheet (OWASP, CSV injection), in full width too. */
const formula = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Numbers stay as they are, also below 0. */
function disarm(value: CsvValue): CsvValue {
  if (typeof value !== 'string') return value;
  // A carriage return ends a row for spreadsheets, and csv-writer does not quote it.
  const lines = value.replace(/\r\n?/g, '\n');
  return formula.test(value) ? `'${lines}` : lines;
}
