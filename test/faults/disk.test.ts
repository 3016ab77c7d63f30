/** Disks that refuse: a clear error, and nothing that was kept before is lost. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readJournal } from '../../src/run/journal.js';
import { experiment, figures, newFolder, runner, RunningRunner } from '../command-line.js';

const longTrials = experiment({
  params: '{ alpha: 0.25, weights: none, resolution: 28, epochs: 30 }',
  data: '{ trainSubset: 64, validation: { holdout: 50 } }',
});
const eightTrials = experiment({ seeds: '{ count: 4 }' });
const labelsOf = (lines: string) =>
  [...lines.matchAll(/\] completed (.*?): val/g)].map(([, label]) => label!);

test.each([
  ['a folder in which none can be made', '/sys/runner-results', 'unwritable', 'EPERM'],
  ['a file in the place of the experiment’s folder', '.', 'unreadable', 'ENOTDIR'],
])('%s is reported before anything is trained', async (_title, results, refusal, code) => {
  const folder = await newFolder();
  writeFileSync(join(folder, 'tiny'), '');
  const run = await runner(folder, ['tiny.yaml', '--results-dir', results]);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain(
    `error[results-${refusal}]: results cannot be ${refusal === 'unreadable' ? 'read' : 'written'}: ${code}: `,
  );
  expect(run.stderr).toContain('or name another folder with `--results-dir`');
  expect(run.stderr).not.toContain('started');
  expect(readdirSync(folder)).toEqual(['tiny', 'tiny.yaml']);
});

test('a folder in the place of the journal is reported by every command that reads it', async () => {
  const folder = await newFolder();
  mkdirSync(join(folder, 'results/tiny/journal.jsonl'), { recursive: true });
  for (const command of ['run', 'plan', 'report']) {
    const { code, stderr } = await runner(folder, [command, 'tiny.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain('error[results-unreadable]: results cannot be read: EISDIR: ');
  }
  const { code, stderr } = await runner(folder, ['gc', '--results-dir', 'tiny.yaml']);
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining('--results-dir: `tiny.yaml` is a file, not a folder'),
  ]);
});

test('results that are moved away while a sweep runs cost what was in them, and no more', async () => {
  const folder = await newFolder(eightTrials);
  const run = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '1']);
  await run.said(/ completed /);
  renameSync(join(folder, 'results'), join(folder, 'moved'));
  const { stderr } = await run.result;
  expect(stderr).not.toContain('internal error');
  expect((await runner(folder, ['tiny.yaml'])).code).toBe(0);
});

test('a file that may grow no further ends the run with an error, and the journal is whole', async () => {
  const folder = await newFolder(longTrials);
  // The largest size of a file: more than plan.json's, less than that of four outcomes of thirty epochs. Without the
  // signal, which would end the program, writing fails as on a full disk.
  const bounded = ['bash', '-c', 'trap "" XFSZ; ulimit -f 40; exec "$@"', 'bash'];
  const { code, stderr } = await runner(folder, ['tiny.yaml', '--concurrency', '1'], { through: bounded });
  expect(code).toBe(1);
  expect(stderr).toContain('error[results-unwritable]: results cannot be written: EFBIG: ');
  expect(stderr).toContain('every outcome that was reported before is in the journal');
  expect(labelsOf(stderr).length).toBeGreaterThanOrEqual(1);
  await expectCompletion(folder, longTrials, 'results', labelsOf(stderr));
});

/** What was reported is in the journal, and the same command comes to the usual end once the disk allows it. */
async function expectCompletion(
  folder: string,
  yaml: string,
  results: string,
  reported: readonly string[],
): Promise<void> {
  const { records } = await readJournal(join(folder, results, 'tiny/journal.jsonl'));
  const kept = [...records.values()].map(({ trial }) => trial.label);
  expect(kept).toEqual(expect.arrayContaining([...reported]));
  const next = await runner(folder, ['tiny.yaml', '--results-dir', results]);
  expect(next.code).toBe(0);
  const again = labelsOf(next.stderr);
  expect(again.filter((label) => reported.includes(label))).toEqual([]);
  const usual = await newFolder(yaml);
  await runner(usual, ['tiny.yaml']);
  expect(await figures(folder, results)).toEqual(await figures(usual));
}

/** A file system of 4 MB of its own, which root may mount. */
const disk = await mkdtemp(join(tmpdir(), 'runner-disk-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).status === 0;
afterAll(() => {
  if (isMounted) spawnSync('umount', ['--lazy', disk]);
  rmSync(disk, { recursive: true });
});

describe.skipIf(!isMounted)('a full disk', () => {
  const filler = join(disk, 'filler');
  let folder: string;
  beforeAll(async () => {
    folder = await newFolder(eightTrials);
    symlinkSync(disk, join(folder, 'disk'));
  });
  const fill = () => spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']); // until there is no space left

  test('from the start: nothing is trained', async () => {
    fill();
    const { code, stderr } = await runner(folder, ['tiny.yaml', '--results-dir', 'disk']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'error[results-unwritable]: results cannot be written: ENOSPC: no space left on device',
    );
    expect(existsSync(join(disk, 'tiny/journal.jsonl'))).toBe(false);
    rmSync(filler);
  });

  test('in the middle: the run ends, and goes on when there is space', async () => {
    const run = new RunningRunner(folder, ['tiny.yaml', '--results-dir', 'disk', '--concurrency', '1']);
    await run.said(/ completed /);
    fill();
    const { code, stderr } = await run.result;
    expect(code).toBe(1);
    expect(stderr).toContain('error[results-unwritable]: results cannot be written: ENOSPC: ');
    rmSync(filler);
    await expectCompletion(folder, eightTrials, 'disk', labelsOf(stderr));
  });
});
