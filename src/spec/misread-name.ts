/** What the reader of a CSV makes of a text. */
export type Misreading = 'missing value' | 'truth value' | 'number';

/** What pandas reads as missing unless it is asked not to (`na_values` of `read_csv`, 2.2). `none` is not among them. */
const missingValues: readonly string[] = [
  ...['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>'],
  ...['N/A', 'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
];

/**
 * What a name in a CSV column is taken for, where it does not come back as it was: `007` is read as 7. Null where it
 * stays. A whole number such as `8` stays: it is read as a number, and is shown as before.
 */
export function misreadingOf(name: string): Misreading | null {
  if (missingValues.includes(name)) return 'missing value';
  if (/^(true|false)$/i.test(name)) return 'truth value';
  if (/^[+-]?inf(inity)?$/i.test(name)) return 'number';
  const number = Number(name);
  return Number.isNaN(number) || String(number) === name ? null : 'number';
}
