/** The part of csv-writer that is used. Its own declarations are its sources, which our stricter settings reject. */
export declare function createObjectCsvStringifier(options: {
  readonly header: readonly { readonly id: string; readonly title: string }[];
}): {
  /** The header line with its newline; null where no titles were given. */
  getHeaderString(): string | null;
  /** One line a record, each with its newline. */
  stringifyRecords(records: readonly Readonly<Record<string, string | number | boolean | null>>[]): string;
};
