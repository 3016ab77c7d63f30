/** `runner status` beside a run: real processes, claims and kills. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { experiment, newFolder, runner, RunningRunner } from '../command-line.js';
import { isCursorShown, RunnerInTerminal, visibleLines } from '../terminal.js';

interface Status {
  readonly state: string;
  readonly counts: Record<string, number>;
  readonly running: readonly { readonly pid: number; readonly progress: { readonly epoch: number } | null }[];
  readonly abandoned: readonly {
    readonly label: string;
    readonly lastEpoch: { readonly epoch: number } | null;
  }[];
}

const params = (epochs: number) => `{ alpha: 0.25, weights: none, resolution: 28, epochs: ${epochs} }`;

const statusOf = async (folder: string): Promise<Status> => {
  const { code, stdout, stderr } = await runner(folder, ['status', 'tiny.yaml', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Status;
};

/** Names, sizes and times of all files but those that the run itself writes all the time. */
const everything = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => [name, statSync(join(folder, name)).size, statSync(join(folder, name)).mtimeMs]);

test('before a run nothing is there, and nothing is made', async () => {
  const folder = await newFolder();
  expect(await statusOf(folder)).toMatchObject({ state: 'stopped', counts: { trials: 4, left: 4 } });
  expect(readdirSync(folder)).toEqual(['tiny.yaml']);
});

test(
  'a run that is killed: what trained, what nothing trains any more, and what is left; nothing is written',
  { timeout: 120_000 },
  async () => {
    const folder = await newFolder(experiment({ params: params(60) }));
    const run = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '2']);
    await run.said(/ epoch 4\/60,/);
    const during = await statusOf(folder);
    expect(during).toMatchObject({
      state: 'training',
      counts: { trials: 4, running: 2, left: 2, completed: 0 },
    });
    expect(during.running.map(({ pid }) => pid)).toEqual([run.pid, run.pid]);
    expect(during.running[0]!.progress!.epoch).toBeGreaterThan(1);
    await sleep(1200);
    const watching = new RunningRunner(folder, ['status', 'tiny.yaml', '--watch']);
    while (!/ epoch \d+\/60, loss /.test(watching.stdout)) await sleep(20);
    run.kill('SIGKILL');
    await run.result;
    const watched = await watching.result; // it ends by itself
    expect(watched).toMatchObject({ code: 0, stderr: '' });
    expect(watched.stdout).toMatch(
      /seed=2017: interrupted\n.* was begun in epoch \d+\/60, but its process \d+ is gone\.\n.*\nNothing trains now: 0 trials ended, 4 are left\.\nnext: runner tiny\.yaml\n$/,
    );
    const before = everything(folder);
    const after = await statusOf(folder);
    expect(after).toMatchObject({ state: 'stopped', counts: { running: 0, left: 4 }, running: [] });
    expect(after.abandoned.map(({ label }) => label)).toEqual([
      'augmentation=none seed=2017',
      'augmentation=flip seed=2017',
    ]);
    expect(after.abandoned[0]!.lastEpoch!.epoch).toBeGreaterThanOrEqual(1);
    expect((await runner(folder, ['status', 'tiny.yaml'])).stdout).toContain('Nothing trains now');
    expect(everything(folder)).toEqual(before);
    // What it has left of its events reads line by line, and the next run goes on behind it.
    const lines = readFileSync(join(folder, 'results/tiny/events.jsonl'), 'utf8').trimEnd().split('\n');
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types.slice(0, 4)).toEqual(['run-started', 'run-planned', 'trial-started', 'trial-started']);
    expect(types).toContain('trial-epoch');
    expect(types).not.toContain('run-ended');
  },
);

test(
  'a watch in a terminal: the live board until all has ended, and the terminal as it was',
  { timeout: 120_000 },
  async () => {
    const folder = await newFolder(experiment({ params: params(12), seeds: '[2017]' }));
    const run = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '1']);
    await run.said(/started augmentation=none/);
    const terminal = new RunnerInTerminal(folder, ['status', 'tiny.yaml', '--watch'], {
      columns: 120,
      rows: 24,
    });
    expect((await terminal.result).code).toBe(0);
    expect((await run.result).code).toBe(0);
    const lines = visibleLines(terminal.written);
    expect(lines.some((line) => /^ {2}[█░]+ augmentation=none seed=2017 · epoch \d+\/12/.test(line))).toBe(
      true,
    );
    expect(
      lines.filter((line) => /^✔ augmentation=(none|flip) seed=2017: val accuracy/.test(line)),
    ).toHaveLength(2);
    expect(lines).toContain('Nothing trains now: 2 trials ended, none is left.');
    expect(isCursorShown(terminal.written)).toBe(true);
  },
);

test('Ctrl-C ends the watch, and not the run', { timeout: 120_000 }, async () => {
  const folder = await newFolder(experiment({ params: params(60), seeds: '[2017]' }));
  const run = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '1']);
  await run.said(/started augmentation=none/);
  const terminal = new RunnerInTerminal(folder, ['status', 'tiny.yaml', '--watch'], {
    columns: 60,
    rows: 24,
  });
  await terminal.shows(/epoch \d+\/60/);
  terminal.kill('SIGINT');
  expect((await terminal.result).code).toBe(0);
  expect(visibleLines(terminal.written).join('\n')).toContain('1 trial trains now, by process');
  expect(isCursorShown(terminal.written)).toBe(true);
  expect(await statusOf(folder)).toMatchObject({ state: 'training' });
  run.kill('SIGINT');
  expect((await run.result).code).toBe(130);
  expect(readFileSync(join(folder, 'results/tiny/events.jsonl'), 'utf8').trimEnd()).toMatch(
    /"type":"run-ended","how":"interrupted"}$/,
  );
});

test(
  'trials that another experiment’s run trains are shown, and counted when they have ended',
  { timeout: 120_000 },
  async () => {
    const folder = await newFolder(
      experiment({ params: params(20), matrix: '{ augmentation: [none] }', seeds: '[2017]' }),
    );
    const run = new RunningRunner(folder, ['tiny.yaml', '--set', 'name=other']);
    await run.said(/ epoch 2\/20,/);
    const watching = new RunningRunner(folder, ['status', 'tiny.yaml', '--watch']);
    while (!/trains now/.test(watching.stdout)) await sleep(20);
    expect((await run.result).code).toBe(0);
    const { stdout } = await watching.result;
    expect(stdout).toContain(`1 trial trains now, by process ${run.pid}; none is left.`);
    expect(stdout).toContain('[1/1 trial] completed augmentation=none seed=2017: val accuracy');
    expect(await statusOf(folder)).toMatchObject({
      state: 'done',
      counts: { trials: 1, completed: 1, left: 0 },
    });
    expect(readdirSync(join(folder, 'results')).sort()).toEqual(['_trials', 'other']);
  },
);
