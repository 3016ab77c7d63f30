/** Results that version 0.1.0 wrote are gone on with: test/fixtures/results-of-0.1.0 is a folder of its own making. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runner, RunningRunner } from '../command-line.js';

const fixture = fileURLToPath(new URL('../fixtures/results-of-0.1.0', import.meta.url));

/** A copy of the old files and results. */
async function copyOldResults(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'runner-old-'));
  await cp(fixture, folder, { recursive: true });
  return folder;
}

type Row = Readonly<Record<string, string>>;

/** The rows of a CSV by column name; a quoted field may hold commas, and doubled quotes. */
function parseCsv(text: string): Row[] {
  const [header, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) =>
      [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
      ),
    );
  return rows.map((row) => Object.fromEntries(header!.map((name, index) => [name, row[index]!])));
}

const readCsv = async (root: string, name: string) =>
  parseCsv(await readFile(join(root, 'results/before', name), 'utf8'));

/** Without the columns that a later version may fill otherwise, or does not know. */
const only = (columns: readonly string[], rows: readonly Row[]): Row[] =>
  rows.map((row) => Object.fromEntries(columns.map((name) => [name, row[name] ?? `no column ${name}`])));

test('a seed added to an old experiment trains only the new trials; the old ones keep ids and numbers', async () => {
  const folder = await copyOldResults();
  expect((await runner(folder, ['plan', 'before.yaml'])).stdout).toContain('trials: 12 done\n');
  const yaml = await readFile(join(folder, 'before.yaml'), 'utf8');
  await writeFile(join(folder, 'before.yaml'), yaml.replace('seeds: [1, 2]', 'seeds: [1, 2, 3]'));
  const { code, stderr } = await runner(folder, ['before.yaml']);
  expect(stderr).toContain('18 trials, 6 to run');
  expect([...stderr.matchAll(/^started .*seed=(\d)$/gm)].map(([, seed]) => seed)).toEqual(Array(6).fill('3'));
  expect(code).toBe(0);
  const [old, now] = [await readCsv(fixture, 'trials.csv'), await readCsv(folder, 'trials.csv')];
  expect(old).toHaveLength(12);
  expect(now).toHaveLength(18);
  const ids = new Set(old.map(({ trial_id }) => trial_id));
  const kept = now.filter(({ trial_id }) => ids.has(trial_id));
  expect(only(Object.keys(old[0]!), kept)).toEqual(old);
});

test.each(['journal and store', 'store alone', 'journal alone'])(
  'report rebuilds the old outputs from %s, with the same rows',
  async (kept) => {
    const folder = await copyOldResults();
    expect(await readdir(join(folder, 'results/before'))).toContain('journal.jsonl');
    if (kept === 'store alone') await rm(join(folder, 'results/before/journal.jsonl'));
    if (kept === 'journal alone')
      for (const file of await readdir(join(folder, 'results/_trials')))
        await writeFile(join(folder, 'results/_trials', file), '');
    const { code, stdout, stderr } = await runner(folder, ['report', 'before.yaml']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^rank {2}augmentation/);
    expect(stderr).toContain(
      'hint[no-test-value]: 12 trials of before.yaml were trained by an earlier version',
    );
    for (const name of ['leaderboard.csv', 'comparisons.csv', 'trials.csv', 'epochs.csv']) {
      const old = await readCsv(fixture, name);
      const columns = Object.keys(old[0]!).filter((column) => column !== 'rank'); // equal means share theirs now
      expect(only(columns, await readCsv(folder, name))).toEqual(only(columns, old));
    }
  },
);

test('under another name, the old experiment has the same rows, from the store', async () => {
  const folder = await copyOldResults();
  const yaml = await readFile(join(folder, 'before.yaml'), 'utf8');
  await writeFile(join(folder, 'before.yaml'), yaml.replace('name: before', 'name: after'));
  expect((await runner(folder, ['plan', 'before.yaml'])).stdout).toContain('trials: 12 done\n');
  for (const args of [['run', '--read-only'], ['report', '--read-only'], ['report']]) {
    const { code, stdout } = await runner(folder, [args[0]!, 'before.yaml', ...args.slice(1)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^rank {2}augmentation/);
  }
  const [old, now] = await Promise.all(
    ['before', 'after'].map(async (name) =>
      parseCsv(await readFile(join(folder, 'results', name, 'trials.csv'), 'utf8')),
    ),
  );
  const oldColumns = Object.keys(old![0]!);
  expect(only(oldColumns, now!)).toEqual(old);
  expect(now![0]).toMatchObject({ test_accuracy: '', test_loss: '' }); // that version tested nothing
});

test('where nothing is known of an experiment, report says so and leaves the outputs as they are', async () => {
  const folder = await copyOldResults();
  const root = join(folder, 'results/before');
  const read = async () =>
    Promise.all((await readdir(root)).map((name) => readFile(join(root, name), 'utf8')));
  for (const lose of [
    () => writeFile(join(folder, 'before.yaml'), 'name: before\nseeds: [77]\n'), // changed since
    () => rm(join(folder, 'results/_trials'), { recursive: true }),
    () => rm(join(root, 'journal.jsonl')),
  ]) {
    await lose();
    const before = await read();
    for (const args of [['report'], ['report', '--read-only'], ['run', '--read-only']]) {
      const { code, stdout, stderr } = await runner(folder, [args[0]!, 'before.yaml', ...args.slice(1)]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('error[nothing-known]: ');
    }
    expect(await read()).toEqual(before);
  }
});

test('an old trial that was killed goes on from its checkpoint', async () => {
  const folder = await copyOldResults();
  const run = new RunningRunner(folder, ['killed.yaml']);
  await run.said(/ epoch \d+\/400, .*\n.* epoch \d+\/400, /);
  run.kill('SIGINT'); // all 400 epochs take twenty seconds
  const { code, stderr } = await run.result;
  expect(code).toBe(130);
  expect(stderr).toMatch(/1 trials?, 1 to run/);
  const logs = join(folder, 'results/killed/logs');
  const log = await readFile(join(logs, (await readdir(logs))[0]!), 'utf8');
  const [, last] = /Training continues after epoch (\d+), from/.exec(log)!;
  expect(Number(last)).toBeGreaterThanOrEqual(19);
  const [, first] = / epoch (\d+)\/400,/.exec(stderr)!;
  expect(Number(first)).toBe(Number(last) + 1);
});
