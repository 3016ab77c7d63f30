/** Two experiment files with one name share a results folder: said, and nothing of either is lost. */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { parseArguments } from '../../src/commands/arguments.js';
import { gc } from '../../src/commands/gc.js';
import { loadPlan } from '../../src/commands/load-plan.js';
import { openResults } from '../../src/commands/open-results.js';
import { plan as planCommand } from '../../src/commands/plan.js';
import { report } from '../../src/commands/report.js';
import type { TrialOutcome } from '../../src/trial/outcome.js';
import { writeFolder } from '../spec/experiment-folder.js';

const yaml = (seeds: string) =>
  `name: flip\nparams: { weights: none }\nseeds: ${seeds}\nmetric: { select: last }\n`;
const failed: TrialOutcome = { status: 'failed', failure: 'timeout', cause: 'by itself', logFile: 'a.log' };

let folder: string;
beforeEach(() => {
  folder = writeFolder({ 'a.yaml': yaml('[1, 2]'), 'b.yaml': yaml('[3]') });
});

const argsOf = (command: string, name?: string, ...options: string[]) =>
  parseArguments([
    command,
    ...(name === undefined ? [] : [join(folder, name)]),
    '--results-dir',
    join(folder, 'results'),
    ...options,
  ]);

/** Leaves what a run leaves: its plan, and an outcome and a checkpoint of each trial. */
async function leaveRun(name: string): Promise<readonly string[]> {
  const args = argsOf('run', name);
  const plan = await loadPlan(join(folder, name), args);
  const results = openResults(plan, args);
  await results.writePlan(plan, join(folder, name));
  const journal = await results.openJournal();
  for (const trial of plan.trials) {
    const at = new Date().toISOString();
    const record = { version: 2, type: 'outcome', at, experiment: 'flip', trial, outcome: failed } as const;
    await results.store.write(record);
    await journal.append(record);
    writeFileSync(results.store.checkpointPath(trial.id), '');
  }
  await journal.close();
  return plan.trials.map(({ id }) => id);
}

/** What a command says, without the paths of this machine. */
async function told(stream: 'stdout' | 'stderr', command: () => Promise<number>): Promise<string> {
  const write = vi.spyOn(process[stream], 'write').mockReturnValue(true);
  const other = vi.spyOn(process[stream === 'stdout' ? 'stderr' : 'stdout'], 'write').mockReturnValue(true);
  try {
    await command();
    const text = write.mock.calls.map(([piece]) => String(piece)).join('');
    // The relative path first: from some checkouts it ends with the absolute one.
    return text.replaceAll(`${relative('', folder)}/`, '').replaceAll(`${folder}/`, '');
  } finally {
    write.mockRestore();
    other.mockRestore();
  }
}

const hints = (name: string) => told('stderr', () => planCommand(argsOf('plan', name)));
const kept = (ids: readonly string[]) =>
  ids.map((id) => existsSync(join(folder, `results/_trials/${id}.checkpoint`)));
const planFile = () =>
  (JSON.parse(readFileSync(join(folder, 'results/flip/plan.json'), 'utf8')) as { file?: unknown }).file;

test('one file alone is in plan.json, and there is no hint', async () => {
  await leaveRun('a.yaml');
  expect(planFile()).toBe('../../a.yaml');
  expect(await hints('a.yaml')).toBe('');
});

test('of two files, each is hinted at the other, and gc keeps the trials of both', async () => {
  const trials = [...(await leaveRun('a.yaml')), ...(await leaveRun('b.yaml'))];
  expect(planFile()).toBe('../../b.yaml');
  for (const [own, other] of [
    ['a.yaml', 'b.yaml'],
    ['b.yaml', 'a.yaml'],
  ] as const) {
    const hint = `hint[shared-name]: ${own} and ${other} have the same name \`flip\` and share results/flip`;
    expect((await hints(own)).split('\n')[0]).toBe(hint);
    expect((await told('stderr', () => report(argsOf('report', own)))).split('\n')[0]).toBe(hint);
    expect(await told('stderr', () => planCommand(argsOf('plan', own, '--quiet')))).toBe('');
  }
  expect(await told('stdout', () => gc(argsOf('gc', undefined, '--yes')))).toMatch(/^Nothing to remove/);
  expect(kept(trials)).toEqual([true, true, true]);
  await leaveRun('a.yaml');
  expect(readdirSync(join(folder, 'results/flip/plans'))).toHaveLength(1); // that of b.yaml
  expect(await told('stdout', () => gc(argsOf('gc', undefined, '--yes')))).toMatch(/^Nothing to remove/);
});

test('a file that was renamed is no other file; with the whole folder moved, nothing changes', async () => {
  const trials = await leaveRun('a.yaml');
  renameSync(join(folder, 'a.yaml'), join(folder, 'c.yaml'));
  expect(await hints('c.yaml')).toBe('');
  expect(await leaveRun('c.yaml')).toEqual(trials);
  expect(existsSync(join(folder, 'results/flip/plans'))).toBe(false);
  renameSync(folder, `${folder}-moved`);
  folder = `${folder}-moved`;
  expect(await hints('c.yaml')).toBe('');
  expect(planFile()).toBe('../../c.yaml');
});

test('a file whose name was changed since is no longer hinted at, and its plan is kept', async () => {
  const trials = await leaveRun('a.yaml');
  writeFileSync(join(folder, 'a.yaml'), yaml('[1, 2]').replace('flip', 'other'));
  expect(await hints('b.yaml')).toBe('');
  await leaveRun('b.yaml');
  expect(await told('stdout', () => gc(argsOf('gc', undefined, '--yes')))).toMatch(/^Nothing to remove/);
  expect(kept(trials)).toEqual([true, true]);
});

test('what another file needs is given up in two steps once that file is gone', async () => {
  const [own, others] = [await leaveRun('a.yaml'), await leaveRun('b.yaml')];
  renameSync(join(folder, 'a.yaml'), join(folder, 'elsewhere.yaml'));
  expect(await hints('b.yaml')).toBe('');
  const collect = () => told('stdout', () => gc(argsOf('gc', undefined, '--yes')));
  expect(await collect()).toMatch(/^results\/flip\/plans\/.*: plan of a.yaml, which is not there any more, /);
  expect(kept([...own, ...others])).toEqual([true, true, true]);
  await collect();
  expect(kept([...own, ...others])).toEqual([false, false, true]);
});

test('a plan of version 0.1.0, which knew no file, is nobody’s', async () => {
  await leaveRun('a.yaml');
  const path = join(folder, 'results/flip/plan.json');
  const { file, ...old } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  expect(file).toBe('../../a.yaml');
  writeFileSync(path, JSON.stringify(old));
  expect(await hints('b.yaml')).toBe('');
  await leaveRun('b.yaml');
  expect(planFile()).toBe('../../b.yaml');
});
