/** What is trained again and what is not, where experiments change, share trials or are cleaned up after. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { count } from '../../src/diagnostics/count.js';
import { defaultDataset } from '../../src/data/datasets.js';
import { paramsOf } from '../params.js';
import { trainerVersionOf } from '../../src/plan/trainer-version.js';
import { decodeRecord, encodeRecord } from '../../src/run/journal-record.js';
import { experiment, newFolder, readResult, runner, withoutTimes } from '../command-line.js';

type Fields = Record<string, string>;

/** Two trials: with a flip and without. */
const base = { seeds: '[2017]', augmentations: '{ none: [], flip: [{ horizontalFlip: {} }] }' };

const write = (folder: string, name: string, fields: Fields = {}) =>
  writeFile(join(folder, `${name}.yaml`), experiment({ ...base, name, ...fields }));

/** How many trials a run has begun. */
const begun = (stderr: string) => stderr.match(/^started /gm)?.length ?? 0;

/** Every file below a folder, with its size and its time of change. */
const stateOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });

describe('after two trials', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await newFolder(experiment(base));
    expect((await runner(folder, ['tiny.yaml'])).code).toBe(0);
  });

  test.each<[string, number, Fields]>([
    [
      'a value',
      1,
      {
        matrix: '{ augmentation: [flip, both] }',
        augmentations:
          '{ flip: [{ horizontalFlip: {} }], both: [{ horizontalFlip: {} }, { randomMask: {} }] }',
      },
    ],
    ['a seed', 2, { seeds: '[2018, 2017]' }],
    [
      'an axis, with the value that held before among its values',
      2,
      { matrix: '{ augmentation: [none, flip], dropout: [0.25, 0.5] }' },
    ],
    ['changed epochs', 2, { params: '{ alpha: 0.25, weights: none, resolution: 28, epochs: 2 }' }],
    [
      'another name for an augmentation set',
      0,
      {
        matrix: '{ augmentation: [none, mirror] }',
        augmentations: '{ none: [], mirror: [{ horizontalFlip: {} }] }',
      },
    ],
    [
      'variants instead of an axis',
      0,
      { matrix: '{}', variants: '{ plain: { augmentation: none }, mirrored: { augmentation: flip } }' },
    ],
    ['another name for the experiment', 0, { name: 'other' }],
    [
      'a baseline, an order, a budget, another description',
      0,
      {
        compare: '{ baseline: { augmentation: none } }',
        order: 'cellByCell',
        budget: '{ trialTimeout: 1h }',
        description: 'Again?',
      },
    ],
  ])('%s makes %i new trials', async (_title, count, fields) => {
    await write(folder, 'changed', { name: 'tiny', ...fields });
    const { code, stdout } = await runner(folder, ['plan', 'changed.yaml', '--json']);
    expect(code).toBe(0);
    expect(stdout.match(/"state": "new"/g)?.length ?? 0).toBe(count);
  });

  test('an experiment that shares one of them takes its numbers, labelled as it labels them', async () => {
    await write(folder, 'sharing', {
      augmentations: '{ mirror: [{ horizontalFlip: {} }], mask: [{ randomMask: {} }] }',
      matrix: '{ augmentation: [mirror, mask] }',
    });
    const { code, stderr } = await runner(folder, ['sharing.yaml']);
    expect(stderr).toContain('1 trial already trained, taken from results/_trials');
    expect(begun(stderr)).toBe(1);
    expect(code).toBe(0);
    const rows = (await readFile(join(folder, 'results/sharing/trials.csv'), 'utf8')).split('\n');
    const shared = rows.find((row) => row.includes(',mirror,'))!;
    expect(await readResult(folder, 'trials.csv')).toContain(shared.replace(',mirror,', ',flip,'));
    expect((await runner(folder, ['report', 'sharing.yaml'])).code).toBe(0);
  });

  test('a journal that has lost lines, or all, has them back from the store', async () => {
    const path = join(folder, 'results/tiny/journal.jsonl');
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const csv = await readResult(folder, 'trials.csv');
    for (const kept of [lines.slice(0, 2), []]) {
      await writeFile(path, kept.map((line) => `${line}\n`).join(''));
      const { code, stderr } = await runner(folder, ['tiny.yaml']);
      expect(stderr).toContain(`${count(2 - Math.max(0, kept.length - 1), 'trial')} already trained`);
      expect(begun(stderr)).toBe(0);
      expect(code).toBe(0);
      expect(await readResult(folder, 'trials.csv')).toBe(csv);
    }
  });

  test('a log in whose place somebody has put a link is not written through it', async () => {
    const logs = join(folder, 'results/tiny/logs');
    const mine = join(folder, 'mine.txt');
    await writeFile(mine, 'mine');
    for (const name of readdirSync(logs)) {
      await rm(join(logs, name));
      await symlink(mine, join(logs, name));
    }
    expect((await runner(folder, ['tiny.yaml', '--force'])).code).toBe(0);
    expect(await readFile(mine, 'utf8')).toBe('mine');
  });

  test('--read-only shows the leaderboard and writes nothing', async () => {
    const before = stateOf(folder);
    for (const command of ['run', 'report']) {
      const { code, stdout } = await runner(folder, [command, 'tiny.yaml', '--read-only']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^rank {2}augmentation/);
    }
    expect(stateOf(folder)).toEqual(before);
  });

  test('--force trains them again, to the same numbers', async () => {
    const before = withoutTimes(await readResult(folder, 'trials.csv'));
    const { code, stderr } = await runner(folder, ['tiny.yaml', '--force']);
    expect(begun(stderr)).toBe(2);
    expect(code).toBe(0);
    expect(withoutTimes(await readResult(folder, 'trials.csv'))).toEqual(before);
  });
});

test('--retry-failed trains what took too long, which the next run alone does not', async () => {
  const fields = {
    matrix: '{ augmentation: [none] }',
    params: '{ alpha: 0.25, weights: none, resolution: 28, epochs: 30 }',
  };
  const folder = await newFolder(experiment({ ...base, ...fields, budget: '{ trialTimeout: 1s }' }));
  expect((await runner(folder, ['tiny.yaml'])).code).toBe(1);
  await write(folder, 'tiny', fields);
  const plan = await runner(folder, ['plan', 'tiny.yaml']);
  expect(plan.stdout).toContain('trials: 1 failed\n`--retry-failed` also trains the failed ones again');
  expect(begun((await runner(folder, ['tiny.yaml'])).stderr)).toBe(0);
  const retried = await runner(folder, ['tiny.yaml', '--retry-failed']);
  expect(begun(retried.stderr)).toBe(1);
  expect(retried.code).toBe(0);
});

describe('after two trials in another context', () => {
  let folder: string;
  let journal: string;
  let lines: string[];
  beforeAll(async () => {
    folder = await newFolder(experiment(base));
    journal = join(folder, 'results/tiny/journal.jsonl');
    await runner(folder, ['tiny.yaml']);
    lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
    await rm(join(folder, 'results/_trials'), { recursive: true });
  });

  test.each([
    ['trainerVersion', 1, `trainerVersion was 1 and is ${trainerVersionOf(paramsOf(), defaultDataset)}`],
    ['engineFamily', 'webgpu', 'engineFamily was webgpu and is tensorflow'],
    ['dataSha256', 'a'.repeat(64), `dataSha256 was aaaaaaaa… and is ${defaultDataset.sha256.slice(0, 8)}…`],
  ])('another %s makes new trials, and the plan says why', async (name, before, why) => {
    // As if it had held when they were trained: their ids were others.
    const older = lines.map((line, index) => {
      const record = decodeRecord(line, journal)!;
      if (record.type !== 'outcome') return line;
      const context = { ...record.trial.context!, [name]: before };
      const trial = { ...record.trial, id: String(index).repeat(64), context };
      return encodeRecord({ ...record, trial });
    });
    await writeFile(journal, `${older.join('\n')}\n`);
    const { stdout } = await runner(folder, ['plan', 'tiny.yaml']);
    expect(stdout).toContain('trials: 2 new\n');
    expect(stdout).toContain(`why:    2 trials trained before are new again: ${why}\n`);
  });
});

/** Id of a trial that `tiny` refers to. */
async function anyTrial(folder: string): Promise<string> {
  const plan = JSON.parse(await readResult(folder, 'plan.json')) as { trials: { id: string }[] };
  return plan.trials[0]!.id;
}

interface GcJson {
  readonly bytes: number;
  readonly entries: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly why: string;
    readonly removed: boolean;
    readonly inUseBy: number | null;
  }[];
}

test('gc shows what no experiment refers to, removes it when told to, and nothing else', async () => {
  const folder = await newFolder(experiment({ ...base, seeds: '[2017, 2018]' }));
  await runner(folder, ['tiny.yaml']);
  const gc = (...flags: string[]) => runner(folder, ['gc', ...flags]);
  expect((await gc()).stdout).toBe(
    'Nothing to remove: the experiments in results refer to everything there.\n',
  );

  // Another experiment keeps one of the trials that this one is about to give up.
  await write(folder, 'other', { matrix: '{ augmentation: [flip] }', seeds: '[2018]' });
  await runner(folder, ['other.yaml']);
  await write(folder, 'tiny', { seeds: '[2017]' });
  await runner(folder, ['tiny.yaml']);
  // What a runner that is killed in the act leaves behind.
  const leftovers = ['tiny/plan.json.x.tmp', `_trials/claims/${await anyTrial(folder)}.x`];
  for (const name of leftovers) {
    await mkdir(join(folder, 'results', name));
    await utimes(join(folder, 'results', name), new Date(0), new Date(0));
  }
  const before = stateOf(folder);
  const shown = await gc();
  expect(shown.stdout).toContain('results/tiny/plan.json.x.tmp: temporary file of a process that was killed');
  expect(shown.stdout).toContain('.x: claim of a process that was killed');
  expect(shown.stdout).toContain('outcome of tiny augmentation=none seed=2018, ');
  expect(shown.stdout).not.toContain('outcome of tiny augmentation=flip seed=2018');
  expect(shown.stdout).toMatch(/Nothing was removed; `runner gc --yes` removes them\.\n$/);
  const { entries, bytes } = JSON.parse((await gc('--json')).stdout) as GcJson;
  expect(stateOf(folder)).toEqual(before);
  expect(entries.map(({ path, why, bytes }) => `${path}: ${why}, ${count(bytes, 'byte')}`)).toEqual(
    shown.stdout.split('\n').filter((line) => line.startsWith('results/')),
  );
  expect(bytes).toBe(entries.reduce((sum, entry) => sum + entry.bytes, 0));
  expect(entries.map(({ removed, inUseBy }) => [removed, inUseBy])).toEqual(entries.map(() => [false, null]));

  const removed = await gc('--yes');
  expect(removed.code).toBe(0);
  for (const [, path] of removed.stdout.matchAll(/^(results\/.*?): /gm))
    expect(existsSync(join(folder, path!))).toBe(false);
  expect((await gc()).stdout).toContain('Nothing to remove');
  for (const name of ['tiny', 'other'])
    expect((await runner(folder, ['plan', `${name}.yaml`])).stdout).toContain('time left: none');
  // Their journals know the outcomes still: only what is shared is gone.
  await write(folder, 'tiny', { seeds: '[2017, 2018]' });
  expect((await runner(folder, ['plan', 'tiny.yaml'])).stdout).toContain('trials: 4 done');
});
