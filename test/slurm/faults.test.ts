/** Whatever happens to a sweep on a real Slurm, it ends with the CSVs of the local executor, and trains nothing in vain. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  experiment,
  figures,
  newFolder,
  runner,
  RunningRunner,
  type RunnerOptions,
} from '../command-line.js';
import { Cluster, hasSlurm, processesWith, until } from './cluster.js';
import { arrays, commands, localFigures, long, slurm, starts } from './sweeps.js';

describe.skipIf(!hasSlurm)('faults on a cluster', { timeout: 300_000 }, () => {
  let cluster: Cluster;
  let tiny: string[][];
  beforeAll(async () => {
    cluster = Cluster.start({ BASE_PORT: '17120', MAX_ARRAY_SIZE: '3' });
    tiny = await localFigures();
  });
  afterAll(() => cluster?.stop());

  let longOnes: Promise<string[][]> | undefined;
  const longFigures = () => (longOnes ??= localFigures(long));

  /** Lets a job reach its limit of time now, and its trial no further. */
  function endTime(folder: string, job: string): void {
    const [task] = processesWith(`task-process.js\0${arrays(folder)[0]!}`);
    const children = readFileSync(`/proc/${task}/task/${task}/children`, 'utf8').trim().split(' ');
    for (const child of children) process.kill(Number(child), 'SIGSTOP');
    cluster.command('scontrol', 'update', `JobId=${job}`, 'EndTime=now');
  }

  const on = (env: RunnerOptions['env'] = {}): RunnerOptions => ({ env: { ...cluster.env, ...env } });

  test('a task that is killed is started again', async () => {
    const folder = await newFolder(experiment({ retry: '{ max: 1 }' }));
    const running = new RunningRunner(folder, slurm, on());
    const task = await until(() => {
      const [array] = arrays(folder);
      return array === undefined ? null : processesWith(`task-process.js\0${array}`)[0];
    });
    process.kill(task, 'SIGKILL');
    const { code, stderr } = await running.result;
    expect(stderr).toMatch(/its job \d+_\d failed on node\d; .*; started again, number 1/);
    expect(code).toBe(0);
    expect(await figures(folder)).toEqual(tiny);
  });

  test('a job that somebody cancels is left alone, and the next run trains it', async () => {
    const folder = await newFolder();
    const running = new RunningRunner(folder, slurm, on());
    const job = await until(() => cluster.queue('%F_%K %T').find((line) => line.endsWith('_0 RUNNING')));
    cluster.command('scancel', job.split(' ')[0]!);
    const { code, stderr } = await running.result;
    expect(stderr).toMatch(/somebody has cancelled its job \d+_0/);
    expect(code).toBe(1);
    expect((await runner(folder, slurm, on())).code).toBe(0);
    expect(await figures(folder)).toEqual(tiny);
  });

  test('at its limit of time a trial goes on in another job, from its checkpoint', async () => {
    const folder = await newFolder(experiment(long));
    const running = new RunningRunner(folder, slurm, on());
    await running.said(/epoch 2\/60/);
    const [job] = cluster.queue('%F_%K');
    endTime(folder, job!);
    const { code, stderr } = await running.result;
    expect(stderr).toContain(`job ${job} was at its limit of time; it goes on in another one`);
    expect(code).toBe(0);
    expect(await figures(folder)).toEqual(await longFigures());
    expect(starts(folder)).toHaveLength(2);
    const logs = join(folder, 'results/tiny/logs');
    expect(await readFile(join(logs, readdirSync(logs)[0]!), 'utf8')).toContain(
      'Training continues after epoch',
    );
  });

  test('near its limit of time a trial keeps a checkpoint that it would not keep otherwise', async () => {
    const rare = { ...long, checkpoint: '{ everyEpochs: 1000 }' };
    const folder = await newFolder(experiment(rare));
    const running = new RunningRunner(folder, slurm, on());
    await running.said(/epoch 2\/60/);
    const [job] = cluster.queue('%F_%K');
    cluster.command('scancel', '--batch', '--signal=USR2', job!); // as --signal=B:USR2@90 makes Slurm do
    const store = join(folder, 'results/_trials');
    await until(() => readdirSync(store).some((name) => name.endsWith('.checkpoint')));
    endTime(folder, job!);
    const { code, stderr } = await running.result;
    expect(stderr).toContain('it goes on in another one');
    expect(code).toBe(0);
    expect(await figures(folder)).toEqual(await longFigures());
  });

  test('a controller that is away for six seconds costs nothing', async () => {
    const folder = await newFolder();
    const running = new RunningRunner(folder, slurm, on());
    await running.said(/queued/);
    process.kill(cluster.pid('controller'), 'SIGTERM');
    await sleep(6000);
    cluster.command('slurmctld');
    const { code } = await running.result;
    expect(code).toBe(0);
    expect(await figures(folder)).toEqual(tiny);
    expect(starts(folder)).toHaveLength(4);
  });

  test('a runner that is killed at any moment goes on, and nothing is trained twice', async () => {
    const folder = await newFolder();
    for (const milliseconds of [1200, 1700, 2400, 4000, 6000]) {
      const running = new RunningRunner(folder, slurm, on());
      await sleep(milliseconds);
      running.killGroup('SIGKILL');
      await running.result;
    }
    expect((await runner(folder, slurm, on())).code).toBe(0);
    expect(await figures(folder)).toEqual(tiny);
    expect(new Set(starts(folder)).size).toBe(starts(folder).length);
    expect(starts(folder)).toHaveLength(4);
  });

  test('what ends while Slurm is asked whether it has it is not trained again', async () => {
    const folder = await newFolder();
    const env = await commands(folder, {
      sbatch:
        '[ -e submitted ] && exec /usr/bin/sbatch "$@"; /usr/bin/sbatch "$@" && touch submitted && exec sleep 600',
      // Until three have ended; within the 30 s that the runner gives it.
      squeue:
        'for i in $(seq 120); do [ "$(ls results/tiny/slurm/*/ended | grep -c json)" -ge 3 ] && break; sleep 0.2; done; exec /usr/bin/squeue "$@"',
    });
    const first = new RunningRunner(folder, slurm, on(env)); // submits an array of three, which is as many as it may
    await until(() => existsSync(join(folder, 'submitted')));
    first.killGroup('SIGKILL');
    await first.result;
    expect((await runner(folder, slurm, on(env))).code).toBe(0);
    expect(await figures(folder)).toEqual(tiny);
    expect(starts(folder)).toHaveLength(4);
  });

  test('a job whose node dies goes on elsewhere', async () => {
    const folder = await newFolder(experiment(long));
    const running = new RunningRunner(folder, slurm, on());
    await running.said(/epoch 2\/60/);
    const [line] = cluster.queue('%F_%K %N');
    const [job, node] = line!.split(' ');
    process.kill(cluster.pid(node!), 'SIGKILL');
    await rm(join(cluster.folder, `${node}.pid`));
    // What the node has started for the job would tell of its end.
    const [number] = job!.split('_');
    for (const text of [`slurmstepd: [${number}.`, arrays(folder)[0]!])
      for (const pid of processesWith(text)) process.kill(pid, 'SIGKILL');
    const { code, stderr } = await running.result;
    cluster.command('slurmd', '-N', node!);
    expect(stderr).toMatch(new RegExp(`job ${job} lost its node; it goes on in another one`));
    expect(code).toBe(0);
    expect(await figures(folder)).toEqual(await longFigures());
  });
});
