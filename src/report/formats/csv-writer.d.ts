/** The part of csv-writer that is used. Its own declarations are its sources, which our stricter settings reject. */
export declare function createArrayCsvStringifier(options: { readonly header: readonly string[] }): {
  /** The header line with its newline; null without columns. */
  getHeaderString(): string | null;
  /** One line per record, each with its newline. */
  stringifyRecords(records: readonly (readonly (string | number | boolean | null)[])[]): string;
};
