/**
 * Seeds until all is decided, with real trials: the same files after any history. `other` trains as `still` does and is
 * equivalent at once; `wild` varies too much to be decided.
 */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { completions, experiment, figures, kill, newFolder, runner, RunningRunner } from '../command-line.js';
import { RunnerInTerminal, visibleLines } from '../terminal.js';

const fields = {
  params: '{ alpha: 0.25, weights: none, resolution: 28, epochs: 1, batchSize: 32 }',
  matrix: '{}',
  variants:
    '{ still: { optimizer: { name: sgd, learningRate: 1e-9 } }, other: { optimizer: { name: sgd, learningRate: 2e-9 } }, wild: { optimizer: { name: sgd, learningRate: 0.1 } } }',
  seeds: '{ until: decided, max: 7 }',
  metric: '{ name: valLoss }',
  compare: '{ baseline: { variant: still }, margin: 0.01 }',
};
const design = experiment(fields);
const begun = (stderr: string) => [...stderr.matchAll(/^started (.*)$/gm)].map(([, label]) => label!);

let undisturbed: string;
let wanted: string[][];
beforeAll(async () => {
  undisturbed = await newFolder(design);
  const { code, stderr, stdout } = await runner(undisturbed, ['tiny.yaml', '--concurrency', '1']);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('21 trials, 18 to 21 to run, 1 at a time');
  expect(begun(stderr)).toHaveLength(20); // `other` is decided after six seeds, and needs no seventh
  expect(begun(stderr)).not.toContain('variant=other seed=2023');
  expect(stdout).toContain('other and still are equivalent within 0.01 nats');
  expect(stdout).toContain('wild against still is undecided');
  expect(stdout).toContain('ranked by the mean over the first 6 seeds, which all cells need');
  wanted = await figures(undisturbed);
}, 120_000);

/** A folder in which all that the undisturbed run has trained is known. */
async function copy(): Promise<string> {
  const folder = await newFolder(design);
  await cp(join(undisturbed, 'results'), join(folder, 'results'), { recursive: true });
  return folder;
}

test('killed again and again, with rounds ahead, it gives the same files', async () => {
  const folder = await newFolder(design);
  for (const milliseconds of [2500, 4000, 3000]) {
    const run = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '3']);
    await Promise.race([sleep(milliseconds), run.result]);
    run.kill('SIGKILL');
    await run.result;
  }
  const last = await runner(folder, ['tiny.yaml', '--concurrency', '3']);
  expect(last.code, last.stderr).toBe(0);
  expect(await figures(folder)).toEqual(wanted);
  const completed = await completions(folder);
  expect(new Set(completed).size).toBe(completed.length);
}, 120_000);

test('two runners at once give the same files, and train each trial once', async () => {
  const folder = await newFolder(design);
  const runs = [1, 2].map(() => runner(folder, ['tiny.yaml', '--concurrency', '1']));
  for (const { code, stderr } of await Promise.all(runs)) expect(code, stderr).toBe(0);
  expect(await figures(folder)).toEqual(wanted);
  const completed = await completions(folder);
  expect(new Set(completed).size).toBe(completed.length);
}, 120_000);

test('what another file has trained of it beyond its needs is not counted; a larger maximum uses it', async () => {
  const folder = await copy();
  const counted = experiment({ ...fields, name: 'counted', seeds: '{ count: 7 }' });
  await writeFile(join(folder, 'counted.yaml'), counted);
  const other = await runner(folder, ['counted.yaml']);
  expect(begun(other.stderr)).toEqual(['variant=other seed=2023']);
  const again = await runner(folder, ['tiny.yaml']);
  expect(again.stderr).toContain('Nothing to train: 20 trials already done.');
  expect(await figures(folder)).toEqual(wanted);
  await rm(join(folder, 'results/counted'), { recursive: true });
  await rm(join(folder, 'counted.yaml'));
  expect((await runner(folder, ['gc'])).stdout).toContain('Nothing'); // what is not needed is still the plan's

  await writeFile(
    join(folder, 'tiny.yaml'),
    experiment({ ...fields, seeds: '{ until: decided, min: 7, max: 7 }' }),
  );
  const more = await runner(folder, ['tiny.yaml']);
  expect([more.code, begun(more.stderr)]).toEqual([0, []]);
  const trials = await readFile(join(folder, 'results/tiny/trials.csv'), 'utf8');
  expect(trials.trimEnd().split('\n')).toHaveLength(1 + 21);
}, 120_000);

test('plan says what is needed, what may be, and what is not; gc keeps all of it', async () => {
  const folder = await copy();
  expect((await runner(folder, ['plan', 'tiny.yaml'])).stdout).toContain('trials: 20 done, 1 not-needed');
  const larger = experiment({ ...fields, seeds: '{ until: decided, max: 9 }' });
  await writeFile(join(folder, 'tiny.yaml'), larger);
  expect((await runner(folder, ['validate', 'tiny.yaml'])).stdout).toBe(
    'tiny.yaml: valid, 3 cells, 18 to 27 trials\n',
  );
  const { stdout } = await runner(folder, ['plan', 'tiny.yaml']);
  expect(stdout).toContain('plan:  variant (3) = 3 cells × 6 to 9 seeds = 18 to 27 trials');
  expect(stdout).toContain('trials: 20 done, 2 new, 2 if-undecided, 3 not-needed');
  expect((await runner(folder, ['gc'])).stdout).toContain('Nothing');
});

test('a budget of time ends it between rounds, and the next run goes on', async () => {
  const folder = await copy();
  const larger = (budget: string) => experiment({ ...fields, seeds: '{ until: decided, max: 9 }', budget });
  await writeFile(join(folder, 'tiny.yaml'), larger('{ maxDuration: 1s }'));
  const short = await runner(folder, ['tiny.yaml', '--concurrency', '1']);
  expect(short.code).toBe(1); // what is needed is not all there
  expect(begun(short.stderr).length).toBeLessThan(4);
  await writeFile(join(folder, 'tiny.yaml'), larger('{ maxDuration: 10m }'));
  const rest = await runner(folder, ['tiny.yaml']);
  expect(rest.code, rest.stderr).toBe(0);
  expect(begun(short.stderr).length + begun(rest.stderr).length).toBe(4);
}, 120_000);

test('a killed trial leaves its comparison open to the next run, on a terminal of 40 columns and for programs too', async () => {
  const larger = experiment({ ...fields, seeds: '{ until: decided, max: 8 }' });
  const [reference, folder] = [await copy(), await copy()];
  for (const each of [reference, folder]) await writeFile(join(each, 'tiny.yaml'), larger);
  const one = ['tiny.yaml', '--concurrency', '1'];
  expect((await runner(reference, one)).code).toBe(0);

  const struck = new RunningRunner(folder, one);
  kill(await struck.trialProcess(), 'SIGKILL');
  const { code, stderr } = await struck.result;
  expect(code, stderr).toBe(1);
  expect(stderr).toContain('1 failed');

  const terminal = new RunnerInTerminal(folder, one, { columns: 40, rows: 24 });
  expect((await terminal.result).code).toBe(0);
  const lines = visibleLines(terminal.written);
  const total = '✔ ██████ 1/1 trial'; // the other one of two was trained
  const start = lines.findIndex((line) => line.includes('1 at a time')) + 1;
  const board = lines.slice(start, lines.indexOf(total) + 1);
  expect(board).toContain(total);
  expect(board.filter((line) => line.length > 40)).toEqual([]);
  expect(await figures(folder)).toEqual(await figures(reference));

  const last = await runner(folder, [...one, '--json']);
  expect(last.code).toBe(0);
  expect(JSON.parse(last.stdout)).toMatchObject({
    exit: { code: 0 },
    counts: { trials: 24, completed: 22, failed: 0, missing: 0, needed: 22 },
  });
}, 120_000);
