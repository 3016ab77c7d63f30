/** The program as a user meets it: spawned, with the real engine and the real data. */
import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  experiment,
  newFolder,
  outputs,
  readResult as read,
  runner,
  RunningRunner,
  withoutTimes,
  type Result,
} from './command-line.js';

const weightsDir = fileURLToPath(new URL('fixtures/weights', import.meta.url));

describe('one experiment, run, run again and extended', () => {
  let folder: string;
  let first: Result;
  beforeAll(async () => {
    folder = await newFolder();
    first = await runner(folder, ['tiny.yaml']);
  });

  test('trains every trial and writes the leaderboard', async () => {
    expect(first.stderr).toContain('4 trials, 4 to run');
    expect(first.code).toBe(0);
    const rows = (await read(folder, 'leaderboard.csv')).trimEnd().split('\n');
    expect(rows).toHaveLength(3);
    expect(rows[1]).toMatch(/^1,(none|flip),2,0\.\d+,/);
    expect((await read(folder, 'trials.csv')).match(/,completed,/g)).toHaveLength(4);
    expect((await read(folder, 'journal.jsonl')).trimEnd().split('\n')).toHaveLength(5);
    expect(first.stdout).toMatch(/^rank {2}augmentation {2}n {2}valAccuracy/);
  });

  test('a second run trains nothing and rewrites identical files, and so does report', async () => {
    const before = await Promise.all(outputs.map((file) => read(folder, file)));
    for (const args of [['tiny.yaml'], ['report', 'tiny.yaml']]) {
      const again = await runner(folder, args);
      expect(again.code).toBe(0);
      expect(again.stdout).toBe(first.stdout);
      expect(await Promise.all(outputs.map((file) => read(folder, file)))).toEqual(before);
    }
  });

  test('run and report answer for programs, on standard output alone', async () => {
    for (const args of [['tiny.yaml'], ['report', 'tiny.yaml'], ['report', 'tiny.yaml', '--read-only']]) {
      const { code, stdout } = await runner(folder, [...args, '--json']);
      const json = JSON.parse(stdout) as Record<string, unknown>;
      expect(json).toMatchObject({
        name: 'tiny',
        exit: { code: 0 },
        counts: { cells: 2, trials: 4, completed: 4, missing: 0 },
        comparisons: [],
      });
      expect([code, (json.leaderboard as unknown[]).length]).toEqual([0, 2]);
    }
  });

  test('alone, in another order and one at a time, the trials have the same numbers to the last digit', async () => {
    await writeFile(
      join(folder, 'other.yaml'),
      experiment({ matrix: '{ augmentation: [flip, none] }', seeds: '[2018, 2017]' }),
    );
    const other = await runner(folder, ['other.yaml', '--concurrency', '1', '--results-dir', 'other']);
    expect(other.code).toBe(0);
    const [ours, theirs] = [await read(folder, 'trials.csv'), await read(folder, 'trials.csv', 'other')];
    expect(withoutTimes(theirs).sort()).toEqual(withoutTimes(ours).sort());
  });

  test('a seed added trains only the new trials', async () => {
    await writeFile(join(folder, 'tiny.yaml'), experiment({ seeds: '[2017, 2018, 2019]' }));
    const plan = await runner(folder, ['plan', 'tiny.yaml', '--json']);
    expect(plan.stdout.match(/"new"/g)?.length).toBeGreaterThanOrEqual(2);
    const extended = await runner(folder, ['tiny.yaml']);
    expect(extended.stderr).toContain('6 trials, 2 to run');
    expect(extended.code).toBe(0);
    expect((await read(folder, 'trials.csv')).match(/,completed,/g)).toHaveLength(6);
  });
});

test('Ctrl-C ends the trials, keeps what is finished and exits 130; the next run goes on', async () => {
  const folder = await newFolder();
  const run = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '1']);
  await run.said(/ completed .*\nstarted /);
  run.kill('SIGINT');
  expect((await run.result).code).toBe(130);
  const finished = (await read(folder, 'trials.csv')).match(/,completed,/g)!.length;
  expect(finished).toBeGreaterThanOrEqual(1);
  expect(finished).toBeLessThan(4);
  const next = await runner(folder, ['tiny.yaml']);
  expect(next.stderr).toContain(`4 trials, ${4 - finished} to run`);
  expect(next.code).toBe(0);
});

test('a loss that is not finite ends a trial as diverged, and the run with 1', async () => {
  const folder = await newFolder(
    experiment({
      params:
        '{ alpha: 0.25, weights: none, resolution: 28, epochs: 1, batchSize: 8, optimizer: { learningRate: 1e38 } }',
      seeds: '[2017]',
    }),
  );
  const { code, stdout } = await runner(folder, ['tiny.yaml']);
  expect(code).toBe(1);
  expect(stdout).toContain('1 diverged');
  expect(await read(folder, 'trials.csv')).toMatch(/,diverged,.*loss not finite in epoch 1 at step \d+/);
});

test('starts from ImageNet weights where their file is, and names the file where it is not', async () => {
  const params = (alpha: number) => ({
    params: `{ alpha: ${alpha}, weights: imagenet, resolution: 28, epochs: 1 }`,
  });
  const folder = await newFolder(experiment({ ...params(0.25), seeds: '[2017]' }));
  expect((await runner(folder, ['tiny.yaml', '--weights-dir', weightsDir])).code).toBe(0);
  await writeFile(join(folder, 'tiny.yaml'), experiment(params(0.5)));
  const missing = await runner(folder, ['tiny.yaml', '--weights-dir', weightsDir]);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('mobilenet_5_0_224_tf_no_top.h5');
});

test('a mistyped field is shown with its line, a caret and the right word; nothing is run', async () => {
  const folder = await newFolder(experiment({ params: '{ dropuot: 0.2 }' }));
  const { code, stderr } = await runner(folder, ['tiny.yaml']);
  expect(code).toBe(2);
  expect(stderr).toContain('tiny.yaml:3:11');
  expect(stderr).toContain('^^^^^^^ did you mean `dropout`?');
  expect(stderr).toContain('Nothing was run.');
  expect(await readdir(folder)).toEqual(['tiny.yaml']);
});

test.each([['run'], ['plan'], ['validate'], ['report']])(
  '%s --json tells a mistake by its place and in words, on standard output alone',
  async (command) => {
    const folder = await newFolder(experiment({ params: '{ dropuot: 0.2 }' }));
    const { code, stdout, stderr } = await runner(folder, [command, 'tiny.yaml', '--json']);
    expect([code, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toEqual({
      ...(command === 'validate' ? { valid: false } : {}),
      problems: [
        {
          reason: 'unknown-field',
          path: 'tiny.yaml',
          line: 3,
          column: 11,
          endLine: 3,
          endColumn: 18,
          message: '`dropuot` is not a parameter',
          notes: ['did you mean `dropout`?', expect.stringMatching(/^allowed: alpha, /)],
        },
      ],
    });
  },
);

test('wrong use exits 2 and says what is right', async () => {
  const folder = await newFolder();
  const { code, stderr, stdout } = await runner(folder, ['trian', 'tiny.yaml']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('`trian` is neither a command nor a YAML file');
  expect(stderr).toContain('next: `runner --help`');
});

test('a trial that takes too long has failed, is not tried again, and the rest is written', async () => {
  const folder = await newFolder(
    experiment({
      budget: '{ trialTimeout: 1s }',
      retry: '{ max: 2 }',
      matrix: '{ epochs: [1, 500] }',
      seeds: '[1]',
    }),
  );
  const { code, stderr } = await runner(folder, ['tiny.yaml']);
  expect(code).toBe(1);
  expect(stderr).toContain(
    'epochs=500 seed=1: failed (timeout), it took longer than budget.trialTimeout, 1 s; log: ',
  );
  expect(stderr).not.toContain('started again');
  expect(await read(folder, 'trials.csv')).toContain('it took longer than budget.trialTimeout');
});

test('init writes a file that validates, plans its comparisons and is never overwritten', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'runner init '));
  expect(await runner(folder, ['init'])).toMatchObject({ code: 0, stdout: '' });
  const { code, stdout } = await runner(folder, ['plan', 'experiment.yaml']);
  expect(code).toBe(0);
  expect(stdout).toContain('2 cells × 6 seeds = 12 trials');
  expect(stdout).toContain('1 cell compared with 1 baseline');
  const text = await readFile(join(folder, 'experiment.yaml'), 'utf8');
  const schema = /\$schema=(.*)/.exec(text)![1]!;
  expect(JSON.parse(await readFile(join(folder, schema), 'utf8'))).toHaveProperty('properties.matrix');
  const again = await runner(folder, ['init', 'experiment.yaml']);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('`experiment.yaml` was not written: it exists already');
});

test('schema prints the schema', async () => {
  const { code, stdout } = await runner(tmpdir(), ['schema']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveProperty('properties.matrix');
});

test('plan saves its cells as CSV, and says which trials another file shares', async () => {
  const folder = await newFolder();
  await writeFile(
    join(folder, 'more.yaml'),
    experiment({ name: 'more', matrix: '{ augmentation: [flip] }', seeds: '[2017, 2018, 2019]' }),
  );
  const saved = await runner(folder, ['plan', 'tiny.yaml', '--csv', 'cells.csv']);
  expect(saved.code).toBe(0);
  expect(await readFile(join(folder, 'cells.csv'), 'utf8')).toBe(
    'cell,augmentation,seeds,done,new,retryable,failed\n1,none,2,0,2,0,0\n2,flip,2,0,2,0,0\n',
  );
  const { code, stdout } = await runner(folder, ['plan', 'more.yaml', '--diff', 'tiny.yaml']);
  expect(code).toBe(0);
  expect(stdout).toBe(`shared: 2 trials of more.yaml and tiny.yaml
new, only in more.yaml: 1 trial
  augmentation=flip seed=2019
gone, only in tiny.yaml: 2 trials
  augmentation=none seed=2017
  augmentation=none seed=2018
`);
  const json = await runner(folder, ['plan', 'more.yaml', '--diff', 'tiny.yaml', '--json']);
  expect(Object.keys(JSON.parse(json.stdout) as object)).toEqual(['shared', 'added', 'gone']);
  expect((await runner(folder, ['tiny.yaml', '--csv', 'x.csv'])).code).toBe(2);
});

test('the experiments that ship are valid', async () => {
  const experiments = fileURLToPath(new URL('../experiments', import.meta.url));
  // own-images.yaml waits for somebody's photos: test/plan/pinned-ids.test.ts plans it with some.
  const shipped = (await readdir(experiments)).filter((file) => file !== 'own-images.yaml');
  const files = shipped.map((file) => join(experiments, file));
  const { code, stdout, stderr } = await runner(tmpdir(), ['validate', ...files]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(files.length);
});
