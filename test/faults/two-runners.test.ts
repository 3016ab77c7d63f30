/** Several runners on one results folder, as processes of their own that are started together. */
import { readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  completions,
  experiment,
  figures,
  newFolder,
  outputs,
  readResult,
  runner,
  RunningRunner,
} from '../command-line.js';

const eightTrials = experiment({ seeds: '{ count: 4 }' });

/** Labels of the trials that a runner has begun. */
const begun = (stderr: string) => [...stderr.matchAll(/^started (.*)$/gm)].map(([, label]) => label!);

test('train each trial once, both end well, and the results are those of one', async () => {
  const folder = await newFolder(eightTrials);
  const alone = await runner(folder, ['tiny.yaml', '--results-dir', 'alone']);
  const runs = [1, 2].map(() => new RunningRunner(folder, ['tiny.yaml', '--concurrency', '1']));
  const results = await Promise.all(runs.map(({ result }) => result));
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  const each = results.map(({ stderr }) => begun(stderr));
  for (const labels of each) expect(labels.length).toBeGreaterThanOrEqual(1);
  expect(each.flat().sort()).toEqual(begun(alone.stderr).sort());
  expect(new Set(await completions(folder)).size).toBe(8);
  expect(await figures(folder)).toEqual(await figures(folder, 'alone'));
  const read = () => Promise.all(outputs.map((file) => readResult(folder, file)));
  const before = await read();
  await runner(folder, ['report', 'tiny.yaml']);
  expect(await read()).toEqual(before);
  expect(readdirSync(join(folder, 'results/_trials/claims'))).toEqual([]);
});

test('with different experiments share the trials that both have', async () => {
  const folder = await newFolder(eightTrials);
  const other = experiment({ name: 'other', matrix: '{ augmentation: [flip] }', seeds: '{ count: 5 }' });
  await writeFile(join(folder, 'other.yaml'), other);
  const [a, b] = await Promise.all([
    runner(folder, ['tiny.yaml', '--concurrency', '1']),
    runner(folder, ['other.yaml', '--concurrency', '1']),
  ]);
  expect([a.code, b.code]).toEqual([0, 0]);
  const labels = [...begun(a.stderr), ...begun(b.stderr)].sort();
  expect(labels).toHaveLength(9); // five of flip, four of none
  expect(new Set(labels).size).toBe(9);
});

test('one of them killed, the other takes over what it was training', async () => {
  const folder = await newFolder(eightTrials);
  const killed = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '2']);
  await killed.said(/^started .*\nstarted /m);
  const other = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '1']);
  await other.said(/^started /m);
  killed.kill('SIGKILL');
  await killed.result;
  const { code } = await other.result;
  expect(code).toBe(0);
  expect((await completions(folder)).sort()).toEqual([...new Set(await completions(folder))].sort());
  expect(await completions(folder)).toHaveLength(8);
});

/**
 * A process cannot be asked of from another namespace of processes, as it cannot from another host: its claim is stale
 * once it has shown no sign of life for a minute.
 */
const elsewhere = ['unshare', '--pid', '--fork', '--kill-child', '--uts', '--mount-proc'];
const canUnshare = spawnSync(elsewhere[0]!, [...elsewhere.slice(1), 'true']).status === 0;

test.skipIf(!canUnshare)(
  'on two hosts: what one trained when it was killed, the other trains a minute later',
  { timeout: 300_000 },
  async () => {
    const folder = await newFolder(eightTrials);
    const far = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '2'], { through: elsewhere });
    await far.said(/^started .*\nstarted /m);
    const near = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '1']);
    await near.said(/^started /m);
    far.killGroup('SIGKILL');
    await far.result;
    const { code, stderr } = await near.result;
    expect(stderr).toMatch(/: another process \(\d+\) trains it; waiting for it after the others/);
    expect(code).toBe(0);
    expect(new Set(await completions(folder)).size).toBe(8);
    expect(await completions(folder)).toHaveLength(8);
  },
);
