import { describe, expect, test } from 'vitest';
import { analyse } from '../../../src/report/analyse.js';
import output from '../../../src/report/outputs/trials.js';
import { toCsv, type CsvValue } from '../../../src/report/formats/to-csv.js';
import { planOf, problemsIn } from '../../spec/experiment-folder.js';

/** One row, whose fields are its columns. */
const csvOf = (row: Readonly<Record<string, CsvValue>>) =>
  toCsv(
    Object.keys(row).map((name) => ({ name, value: () => row[name]! })),
    [row],
  );

describe('a text that a spreadsheet would execute', () => {
  test.each([
    ['=cmd|" /C calc"!A0', `"'=cmd|"" /C calc""!A0"`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\n=1"`],
    ['\n=1', `"'\n=1"`],
    ['＝1', "'＝1"],
    ['a=1', 'a=1'],
    ["'=1", "'=1"],
  ])('%j gets an apostrophe where it begins a formula', (text, cell) => {
    expect(csvOf({ name: text, after: 1 })).toBe(`name,after\n${cell},1\n`);
  });

  test('is not made of a number, a truth or nothing', () => {
    const row = { a: -0.5, b: -1e-7, c: false, d: null, e: 0, f: '' };
    expect(csvOf(row)).toBe('a,b,c,d,e,f\n-0.5,-1e-7,false,,0,\n');
  });

  test('is not begun by a carriage return within a cell, which ends a row for spreadsheets', () => {
    expect(csvOf({ cause: 'ended\r=cmd()\r\nby itself' })).toBe('cause\n"ended\n=cmd()\nby itself"\n');
  });

  test.each([
    ['variants', 'variants: { "=cmd|calc": { dropout: 0 } }'],
    ['augmentations', 'augmentations: { "@SUM(A1)": [] }\nmatrix: { augmentation: ["@SUM(A1)"] }'],
    ['zip', 'zip: { "+1": { dropout: [0] } }'],
  ])('is no name in a file: %s', async (_title, text) => {
    expect((await problemsIn({ 'sweep.yaml': `name: formula\n${text}` })).reasons).toEqual(['invalid-name']);
  });

  test('stands in trials.csv as text where it is the cause of a failure', async () => {
    const plan = await planOf('name: formula\nvariants: { wide: { dropout: 0 } }');
    const cause = '=HYPERLINK("http://example.com")';
    const outcome = { status: 'failed', failure: 'crash', cause, logFile: 'trial.log' } as const;
    const lines = output.render(analyse(plan, new Map([[plan.trials[0]!.id, outcome]])), null)!.split('\n');
    expect(lines[1]).toContain(',wide,2017,failed,');
    expect(lines[1]).toContain(`,"'=HYPERLINK(""http://example.com"")",`);
  });
});
