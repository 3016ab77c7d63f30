/** `--executor slurm` on a real Slurm: the same CSVs as those of the local executor. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  experiment,
  figures,
  newFolder,
  readResult,
  runner,
  RunningRunner,
  type RunnerOptions,
} from '../command-line.js';
import { Cluster, hasSlurm, until } from './cluster.js';
import { arrays, commands, localFigures, long, machines, slurm, starts } from './sweeps.js';

const runnerBin = fileURLToPath(new URL('../../bin/runner.js', import.meta.url));

describe('without Slurm', () => {
  test('says what is missing and trains nothing', async () => {
    const folder = await newFolder();
    const path = join(folder, 'bin');
    await mkdir(path);
    const { code, stderr } = await runner(folder, slurm, { env: { PATH: path } });
    expect(stderr).toContain('its command `sbatch` was not found');
    expect(code).toBe(2);
  });
});

describe.skipIf(!hasSlurm)('on a cluster', { timeout: 300_000 }, () => {
  let cluster: Cluster;
  let tiny: string[][];
  beforeAll(async () => {
    cluster = Cluster.start({ BASE_PORT: '17100', MAX_ARRAY_SIZE: '11' });
    tiny = await localFigures();
  });
  afterAll(() => cluster?.stop());

  let longOnes: Promise<string[][]> | undefined;
  const longFigures = () => (longOnes ??= localFigures(long));

  const on = (env: RunnerOptions['env'] = {}): RunnerOptions => ({ env: { ...cluster.env, ...env } });

  test('25 trials become arrays of 11, of which two tasks run at the same time, not one for each array', async () => {
    const seeds = Array.from({ length: 25 }, (_, index) => index + 1);
    const fields = {
      matrix: '{ augmentation: [none] }',
      seeds: `[${seeds.join()}]`,
      data: '{ trainSubset: 100, validation: { holdout: 100 } }',
    };
    const folder = await newFolder(experiment(fields));
    const env = await machines(folder, 'two: { maxParallel: 2, trialsPerTask: 1 }\n');
    const running = new RunningRunner(folder, ['tiny.yaml', '--machine', 'two'], on(env));
    let most = 0;
    const look = setInterval(() => {
      const states = cluster.queue('%T');
      most = Math.max(most, states.filter((state) => state === 'RUNNING').length);
    }, 500);
    const { code, stderr } = await running.result;
    clearInterval(look);
    expect(stderr).toMatch(/job array \d+: 11 tasks[^]*job array \d+: 11 tasks[^]*job array \d+: 3 tasks\n/);
    expect([code, most]).toEqual([0, 2]);
    expect(starts(folder)).toHaveLength(25);
    expect(await figures(folder)).toEqual(await localFigures(fields));
  });

  test('a sweep gives the same CSVs, whatever the environment says', async () => {
    const folder = await newFolder();
    const env = { SQUEUE_FORMAT: '%A', SBATCH_PARTITION: 'nowhere', SLURM_JOB_ID: '7' };
    const { code, stderr } = await runner(folder, slurm, on(env));
    expect(stderr).toMatch(/job array \d+: 4 tasks\n/);
    expect(code).toBe(0);
    expect(await figures(folder)).toEqual(tiny);
    expect(starts(folder)).toHaveLength(4);
    expect(await readResult(folder, 'events.jsonl')).toMatch(/"type":"trial-queued".*"job":"\d+_0"/);
    expect((await runner(folder, slurm, on())).stderr).toContain('Nothing to train: 4 trials already done.');
    expect((await runner(folder, [...slurm, '--force'], on())).code).toBe(0); // results that are there do not do
    expect(starts(folder)).toHaveLength(8);
  });

  test('a machine profile: packed tasks, one at a time, with lines that run first', async () => {
    const folder = await newFolder();
    const profile =
      'here:\n  partition: main\n  maxParallel: 1\n  trialsPerTask: 2\n  time: 90s\n  memory: 900M\n  setup: [kill -USR2 $$, export FROM_SETUP=yes, env > env.txt]\n  extraArgs: [--comment=tiny]\n';
    const env = await machines(folder, profile);
    const running = new RunningRunner(folder, ['tiny.yaml', '--machine', 'here'], on(env));
    await running.said(/queued/);
    const [line] = cluster.queue('%k %m %l');
    expect(line).toBe('tiny 900M 2:00');
    const { code, stderr } = await running.result;
    expect(stderr).toMatch(/job array \d+: 2 tasks/);
    expect([code, stderr]).toEqual([0, stderr]);
    expect(await figures(folder)).toEqual(tiny);
    expect(await readFile(join(folder, 'env.txt'), 'utf8')).toContain('FROM_SETUP=yes');
  });

  test('with the WebAssembly engine it gives the digits that it gives here', async () => {
    const folder = await newFolder();
    const engine = ['--engine', 'wasm'];
    expect((await runner(folder, [...slurm, ...engine], on())).code).toBe(0);
    expect(await figures(folder)).toEqual(await localFigures({}, engine));
    expect(starts(folder)).toHaveLength(4);
  });

  test('a partition that is not there is refused at once', async () => {
    const folder = await newFolder();
    const env = await machines(folder, 'wrong: { partition: nowhere }\n');
    const { code, stderr } = await runner(folder, ['tiny.yaml', '--machine', 'wrong'], on(env));
    expect(stderr).toMatch(/error\[submission-refused\][^]*invalid partition specified: nowhere/);
    expect(code).toBe(2);
  });

  test('a task that ends with 3 before its trial is a failure with its log, and is tried again', async () => {
    const fields = { retry: '{ max: 1 }' };
    const folder = await newFolder(experiment(fields));
    const once = '[ "$SLURM_ARRAY_TASK_ID" = 0 ] && mkdir once && echo no module of that name && exit 3';
    const env = await machines(folder, `broken:\n  setup:\n    - '${once}'\n`);
    const { code, stderr } = await runner(folder, ['tiny.yaml', '--machine', 'broken'], on(env));
    expect(stderr).toMatch(/its job \d+_0 failed on node\d; .*; started again, number 1/);
    expect(code).toBe(0);
    const logs = arrays(folder).map((array) => join(array, '0.log'));
    const texts = await Promise.all(logs.map((log) => readFile(log, 'utf8')));
    expect(texts.join()).toContain('no module of that name');
    expect(await figures(folder)).toEqual(await localFigures(fields));
  });

  test('an sbatch that submits and fails submits nothing twice', async () => {
    const folder = await newFolder();
    const env = await commands(folder, { sbatch: '/usr/bin/sbatch "$@" > /dev/null\nexit 1' });
    const { code } = await runner(folder, slurm, on(env));
    expect(code).toBe(0);
    expect(await figures(folder)).toEqual(tiny);
    expect(starts(folder)).toHaveLength(4);
  });

  test('two runners at once train nothing twice', async () => {
    const folder = await newFolder();
    const first = new RunningRunner(folder, slurm, on());
    await first.said(/queued/);
    const second = runner(folder, slurm, on());
    expect((await first.result).code).toBe(0);
    expect((await second).code).toBe(0);
    expect(await figures(folder)).toEqual(tiny);
    expect(starts(folder)).toHaveLength(4);
  });

  test('detached, it returns at once; the same command follows it', async () => {
    const folder = await newFolder(experiment(long));
    const detached = await runner(folder, [...slurm, '--detach'], on());
    expect(detached.stderr).toContain('Detached. What the cluster has goes on without this process.');
    expect(detached.code).toBe(0);
    expect(cluster.queue('%T')).toHaveLength(1);
    let look = '';
    while (!look.includes('"stepsPerEpoch"'))
      look = (await runner(folder, ['status', 'tiny.yaml', '--json'], on())).stdout;
    const { state, counts, submitted } = JSON.parse(look) as Record<string, unknown>;
    expect({ state, counts, submitted }).toMatchObject({
      state: 'submitted',
      counts: { submitted: 1, left: 0, running: 0 },
      submitted: [{ label: 'augmentation=none seed=2017', job: expect.stringMatching(/^\d+_0$/) as string }],
    });
    const told = await runner(folder, ['status', 'tiny.yaml'], on());
    expect(told.stdout).toContain(
      'The cluster has 1 trial: 1 begun, 0 in its queue. No process follows them.',
    );
    const { code, stderr } = await runner(folder, slurm, on());
    expect(code).toBe(0);
    expect(stderr).not.toContain('Slurm has job array');
    expect(await figures(folder)).toEqual(await longFigures());
    expect(starts(folder)).toHaveLength(1);
  });

  test('status --watch goes on until a sweep has ended that nobody follows', async () => {
    const folder = await newFolder();
    const env = await machines(folder, 'one: { maxParallel: 1, trialsPerTask: 1 }\n');
    expect((await runner(folder, ['tiny.yaml', '--machine', 'one', '--detach'], on(env))).code).toBe(0);
    const watching = new RunningRunner(folder, ['status', 'tiny.yaml', '--watch'], on());
    const [job] = cluster.queue('%F');
    cluster.command('scancel', `${job}_3`); // which leaves nothing behind, neither in Slurm nor on the disk
    const { code, stdout } = await watching.result;
    expect(stdout).toMatch(/The cluster has [34] trials: \d begun, \d in its queue. No process follows them/);
    expect(stdout).toMatch(/started augmentation=\w+ seed=\d+ on \S+, job \d+_[12]/);
    expect(stdout).toContain('Nothing trains now: 3 trials ended, 1 is left.');
    expect(code).toBe(0);
    const after = await runner(folder, slurm, on());
    expect([after.code, after.stderr]).toEqual([1, expect.stringContaining('cancelled')]); // somebody wanted it so
    expect((await runner(folder, [...slurm, '--retry-failed'], on())).code).toBe(0);
    expect(await figures(folder)).toEqual(tiny);
  });

  test('at the end of the budget what waits in the queue is taken back, and the next run trains it', async () => {
    const folder = await newFolder(experiment({ budget: '{ maxDuration: 5s }' }));
    const env = await machines(folder, 'one: { maxParallel: 1, trialsPerTask: 1 }\n');
    const { code, stderr } = await runner(folder, ['tiny.yaml', '--machine', 'one'], on(env));
    expect(stderr).toContain('the run took budget.maxDuration, 5 s');
    expect(code).toBe(1);
    await until(() => cluster.queue('%T').length === 0);
    expect(starts(folder).length).toBeLessThan(4);
    expect((await runner(folder, [...slurm, '--set', 'budget.maxDuration=5m'], on())).code).toBe(0);
    expect(starts(folder)).toHaveLength(4);
    expect(await figures(folder)).toEqual(tiny);
  });

  test('at a terminal Ctrl-C asks, and yes cancels', async () => {
    const folder = await newFolder(experiment(long));
    const child = spawn(
      'script',
      ['-qec', `'${process.execPath}' '${runnerBin}' ${slurm.join(' ')}`, '/dev/null'],
      {
        cwd: folder,
        env: { ...process.env, ...cluster.env, TERM: 'xterm-256color', CI: undefined },
      },
    );
    let written = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
    const ended = once(child, 'close');
    await until(() => cluster.queue('%T')[0] === 'RUNNING');
    child.stdin.write('\x03');
    await until(() => written.includes('Cancel what the cluster runs and has in its queue? [y/N]'));
    child.stdin.write('y\r');
    expect(await ended).toEqual([130, null]);
    expect(written).toContain('Interrupted. The finished trials are kept; the same command continues.');
    await until(() => cluster.queue('%T').length === 0);
    const said = (await runner(folder, ['cancel', 'tiny.yaml'], on())).stdout;
    expect(said).toBe('No cluster has anything of this experiment.\n');
  });

  test('Ctrl-C leaves it running, and `runner cancel` ends it', async () => {
    const folder = await newFolder(experiment(long));
    const running = new RunningRunner(folder, slurm, on());
    await running.said(/epoch 1\//);
    running.kill('SIGINT');
    const { code, stderr } = await running.result;
    expect(stderr).toContain('Interrupted. What the cluster has goes on without this process.');
    expect(code).toBe(130);
    expect(cluster.queue('%T')).toEqual(['RUNNING']);
    const cancelled = await runner(folder, ['cancel', 'tiny.yaml'], on());
    expect(cancelled).toMatchObject({ code: 0, stdout: 'Cancelled: 1 task.\n' });
    await until(() => cluster.queue('%T').length === 0);
    expect((await runner(folder, ['cancel', 'tiny.yaml'], on())).stdout).toBe(
      'No cluster has anything of this experiment.\n',
    );
    expect((await runner(folder, slurm, on())).code).toBe(0);
    expect(await figures(folder)).toEqual(await longFigures());
    expect(starts(folder)).toHaveLength(2);
  });
});

test.skipIf(!hasSlurm)('what Slurm has forgotten is known by its files', { timeout: 300_000 }, async () => {
  const cluster = Cluster.start({ BASE_PORT: '17110', MIN_JOB_AGE: '5' });
  try {
    const folder = await newFolder();
    const { env } = cluster;
    expect((await runner(folder, [...slurm, '--detach'], { env })).code).toBe(0);
    await until(() => cluster.queue('%T').length === 0);
    await until(() => cluster.command('squeue', '-h', '-t', 'all') === '');
    const { code } = await runner(folder, slurm, { env });
    expect(code).toBe(0);
    expect(await figures(folder)).toEqual(await localFigures());
    expect(starts(folder)).toHaveLength(4);
    const journal = await readResult(folder, 'journal.jsonl');
    const node = /"node":\{"host":"[^"]+","processor":"[^"]+","instructionSet":"(avx512|avx2|baseline)"\}/g;
    expect(journal.match(node)).toHaveLength(4);
    const removed = await runner(folder, ['gc', '--yes']);
    expect(removed.stdout).toContain('tasks of a cluster, which have all ended');
    expect(arrays(folder)).toEqual([]);
    expect((await runner(folder, slurm, { env })).stderr).toContain(
      'Nothing to train: 4 trials already done.',
    );
  } finally {
    cluster.stop();
  }
});
