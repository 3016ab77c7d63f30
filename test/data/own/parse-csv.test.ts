/** RFC 4180, and what programs write in its name. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCsv } from '../../../src/data/own/read-csv.js';

const textsOf = (csv: string) => parseCsv(csv).map((row) => row.map(({ text }) => text));

test.each([
  [
    'lines of any ending',
    'a,b\nc,d\r\ne,f\rg,h',
    [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
      ['g', 'h'],
    ],
  ],
  ['a byte-order mark', '\uFEFFa,b\n', [['a', 'b']]],
  ['a byte-order mark before a quote', '\uFEFF"a",b', [['a', 'b']]],
  ['quotes, and quotes in quotes', '"a, b","say ""hi""",""', [['a, b', 'say "hi"', '']]],
  [
    'a line break in quotes',
    '"a\r\nb",c\nd,e',
    [
      ['a\r\nb', 'c'],
      ['d', 'e'],
    ],
  ],
  ['a quote within a field', 'a"b,c', [['a"b', 'c']]],
  [
    'commas at ends of lines',
    'a,\n,b\nc,,',
    [
      ['a', ''],
      ['', 'b'],
      ['c', '', ''],
    ],
  ],
  [
    'lines without anything',
    'a,b\n\n,,,\n  \nc,d\n\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['spaces, which belong to a field', ' a , b', [[' a ', ' b']]],
  ['nothing', '', []],
])('%s', (_title, csv, rows) => {
  expect(textsOf(csv)).toEqual(rows);
});

test.each([
  ['a,"b', 2, 'a quote is opened here and never closed'],
  ['"a"b,c', 3, 'a quoted field ends here, and no comma follows'],
])('%s is refused at its place', (csv, offset, message) => {
  const thrown = (() => {
    try {
      return parseCsv(csv);
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toMatchObject({ message, cause: offset });
});

test('a field of any length is one field', () => {
  const long = 'x'.repeat(200_000);
  expect(textsOf(`${long},b\nc,${long}`)).toEqual([
    [long, 'b'],
    ['c', long],
  ]);
});

test('what is written by the rules is read as it was, and each field has its place', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r', ' ') });
  const rows = fc.array(fc.array(text, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
  const ending = fc.constantFrom('\n', '\r\n', '\r');
  fc.assert(
    fc.property(rows, ending, fc.boolean(), (table, newline, endsSo) => {
      const quote = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
      const csv = table.map((row) => row.map(quote).join(',')).join(newline) + (endsSo ? newline : '');
      expect(textsOf(csv)).toEqual(table.filter((row) => row.some((field) => field.trim() !== '')));
      for (const { text: field, start, end } of parseCsv(csv).flat())
        expect(csv.slice(start, end)).toBe(quote(field));
    }),
  );
});
