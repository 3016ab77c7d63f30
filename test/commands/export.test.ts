/** The program on results that were trained before: tables of all trials. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parseArguments } from '../../src/commands/arguments.js';
import { loadPlan } from '../../src/commands/load-plan.js';
import { openResults } from '../../src/commands/open-results.js';
import { newFolder, runner } from '../command-line.js';
import { outcomeOf } from '../report/swept.js';

let folder: string;
beforeAll(async () => {
  folder = await newFolder();
  const args = parseArguments(['plan', join(folder, 'tiny.yaml'), '--results-dir', join(folder, 'results')]);
  const plan = await loadPlan(args.files[0]!, args);
  const journal = await openResults(plan, args).openJournal();
  const at = '2026-11-26T02:17:26.349Z';
  for (const [index, trial] of plan.trials.slice(0, 3).entries())
    await journal.append({
      version: 2,
      type: 'outcome',
      at,
      experiment: 'tiny',
      trial,
      outcome: outcomeOf(index),
    });
  await journal.close();
});

const everything = () =>
  readdirSync(join(folder, 'results'), { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => [name, statSync(join(folder, 'results', name)).mtimeMs]);

test('a CSV to standard output or into a file; the results stay as they are', async () => {
  const before = everything();
  const printed = await runner(folder, ['export', 'tiny.yaml']);
  expect(printed).toMatchObject({ code: 0, stderr: '' });
  const lines = printed.stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^experiment,trial_id,trial,cell,seed,augmentation,alpha,.*,failure,cause$/);
  expect(lines).toHaveLength(1 + 3 + 2 + 1); // completed, diverged in the third epoch, failed
  expect(lines.at(-1)).toContain(',failed,,,');
  for (const out of ['-', '/dev/stdout'])
    expect((await runner(folder, ['export', 'tiny.yaml', out])).stdout).toBe(printed.stdout);
  const saved = await runner(folder, ['export', 'tiny.yaml', 'tables/epochs.csv']);
  expect(saved).toMatchObject({ code: 0, stdout: '', stderr: '6 rows: tables/epochs.csv\n' });
  expect(readFileSync(join(folder, 'tables/epochs.csv'), 'utf8')).toBe(printed.stdout);
  expect(everything()).toEqual(before);
});

test.each([
  [['export', 'tiny.yaml', 'epochs.parquet'], 'epochs.parquet'],
  [['export', 'tiny.yaml', 'table', '--format', 'parquet'], 'table'],
])('%j is Parquet', async (args, file) => {
  expect((await runner(folder, args)).code).toBe(0);
  const bytes = readFileSync(join(folder, file));
  expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
});

test.each([
  [
    ['export', 'tiny.yaml', 'tiny.yaml'],
    'error[not-written]: `tiny.yaml` was not written: it is read by this command',
  ],
  [['export', 'tiny.yaml', '--format', 'parquet'], 'error[usage]: --format parquet needs a file'],
  [['export', 'tiny.yaml', 'folder/../results'], 'error[not-written]'],
  [['export', 'tiny.yaml', '--results-dir', 'none'], 'error[nothing-known]'],
])('%j is refused', async (args, text) => {
  const refused = await runner(folder, args);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(text);
});

test('report --markdown prints the report, and with --read-only changes nothing', async () => {
  const before = everything();
  const printed = await runner(folder, ['report', 'tiny.yaml', '--markdown', '--read-only']);
  expect(printed).toMatchObject({ code: 0, stderr: '' });
  expect(printed.stdout).toMatch(/^## tiny\n\nDoes a flip help on 320 images\?\n\n/);
  expect(printed.stdout).toContain('| rank | augmentation | n | valAccuracy |');
  expect(everything()).toEqual(before);
});
