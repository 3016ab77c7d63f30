import { parquetWriteBuffer, type BasicType } from 'hyparquet-writer';
import type { Scalar } from '../formats/parameter-columns.js';
import type { ColumnType, TidyTable } from './tidy-table.js';

const types = {
  text: 'STRING',
  integer: 'INT64',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
} as const satisfies Record<ColumnType, BasicType>;

/** A table as Apache Parquet: every column may hold nulls, also where this table has none. */
export function toParquet({ columns, rows }: TidyTable): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map(({ name, type, value }) => ({
        name,
        type: types[type],
        data: rows.map((row) => toStored(value(row), type)),
      })),
    }),
  );
}

/** A column of texts may have numbers among its values, as an axis of `test` and 0.2 has. */
function toStored(value: Scalar, type: ColumnType): bigint | Scalar {
  if (value === null) return null;
  if (type === 'integer') return Number.isSafeInteger(value) ? BigInt(value) : null; // somebody's own journal
  return type === 'text' ? String(value) : value;
}
