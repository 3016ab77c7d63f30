/** How jobs end on a real Slurm, or never begin, and what follows. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
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
import { arrays, localFigures, long, machines, starts } from './sweeps.js';

const there = ['tiny.yaml', '--machine', 'there'];

describe.skipIf(!hasSlurm)('ends on a cluster', { timeout: 300_000 }, () => {
  let cluster: Cluster;
  beforeAll(() => {
    cluster = Cluster.start({ BASE_PORT: '17130' });
  });
  afterAll(() => cluster?.stop());

  /** With the machine `there`. */
  async function on(folder: string, profile: string): Promise<RunnerOptions> {
    return { env: { ...cluster.env, ...(await machines(folder, `there: ${profile}\n`)) } };
  }

  let longOnes: Promise<string[][]> | undefined;
  const longFigures = () => (longOnes ??= localFigures(long));

  test.each(['requeued', 'cancelled'])(
    'of jobs that are %s, one that makes room for another goes on in a new one, from its checkpoint',
    async (partition) => {
      const folder = await newFolder(experiment(long));
      const options = await on(folder, `{ partition: ${partition} }`);
      const running = new RunningRunner(folder, there, options);
      await running.said(/epoch 2\/60/);
      const [job] = cluster.queue('%F_%K');
      cluster.command(
        ...(['sbatch', '--partition=main', '--nodes=2', '--exclusive'] as const),
        ...['--output=/dev/null', '--wrap=sleep 1'],
      );
      const { code, stderr } = await running.result;
      expect(stderr).toContain(`job ${job} had to make room for another; it goes on in another one`);
      expect(code).toBe(0);
      expect(await figures(folder)).toEqual(await longFigures());
      expect(starts(folder)).toHaveLength(2);
    },
  );

  const two = { matrix: '{ augmentation: [none] }' };

  test('a reason that does not pass is shown, and what somebody cancels in the queue is no failure', async () => {
    const folder = await newFolder(experiment(two));
    const options = await on(folder, '{ extraArgs: [--hold] }');
    const running = new RunningRunner(folder, there, options);
    await running.said(/Job array \d+ waits because of JobHeld\w+, which does not pass by itself/);
    const job = cluster.queue('%F')[0]!;
    cluster.command('scancel', `${job}_1`);
    cluster.command('scontrol', 'release', job);
    const { code, stderr } = await running.result;
    expect(stderr).toContain(`somebody has cancelled its job ${job}_1; the next run trains it`);
    expect(code).toBe(1);
    expect(starts(folder)).toHaveLength(1);
    expect((await runner(folder, there, await on(folder, '{}'))).code).toBe(0);
    expect(await figures(folder)).toEqual(await localFigures(two));
  });

  test('a job that cannot write its log is a failure, and is tried again', async () => {
    const folder = await newFolder(experiment({ ...two, retry: '{ max: 1 }' }));
    const running = new RunningRunner(folder, there, await on(folder, '{ extraArgs: [--hold] }'));
    const held = (number: number) => until(() => cluster.queue('%F')[number]);
    const job = await held(0);
    await mkdir(join(arrays(folder)[0]!, '0.log')); // which root could write into any folder
    cluster.command('scontrol', 'release', job);
    await running.said(/Slurm could not start its job \d+_0 on node\d: its log could not be written/);
    await running.said(/started again, number 1/);
    const [again] = [await until(() => cluster.queue('%F').find((other) => other !== job))];
    cluster.command('scontrol', 'release', again);
    expect((await running.result).code).toBe(0);
    expect(await figures(folder)).toEqual(await localFigures({ ...two, retry: '{ max: 1 }' }));
  });

  test('what waits in a queue for good is not trained here, until it is cancelled', async () => {
    const folder = await newFolder(experiment(two));
    const options = await on(folder, '{ time: 2h }');
    const running = new RunningRunner(folder, there, options);
    await running.said(/Job array \d+ waits because of PartitionTimeLimit, which does not pass by itself/);
    const here = await runner(folder, ['tiny.yaml']);
    expect(here.stderr).toContain('2 trials of this experiment would be trained twice');
    expect(here.code).toBe(2);
    expect((await runner(folder, ['cancel', 'tiny.yaml'], options)).stdout).toBe('Cancelled: 2 tasks.\n');
    const { code, stderr } = await running.result;
    expect(stderr).toMatch(/its job \d+_0 was cancelled/);
    expect(code).toBe(1);
    expect((await runner(folder, ['tiny.yaml'])).code).toBe(0);
    expect(await figures(folder)).toEqual(await localFigures(two));
  });
});

/** Whether Slurm may limit memory here: it needs control groups of the first version, which are not everywhere. */
const canLimitMemory = existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes');

test.skipIf(!hasSlurm || !canLimitMemory)(
  'a trial, or a job, that is ended for want of memory is a failure of that class',
  { timeout: 300_000 },
  async () => {
    const cluster = Cluster.start({ BASE_PORT: '17135', TASK_PLUGIN: 'task/cgroup' });
    try {
      for (const [profile, cause] of [
        ['{ memory: 40M }', /the system ended its process: it was out of memory/],
        [
          '{ memory: 40M, setup: [exec tail /dev/zero] }',
          /Slurm ended its job \d+_0 on node\d: it was out of memory/,
        ],
      ] as const) {
        const folder = await newFolder(
          experiment({ matrix: '{ augmentation: [none] }', seeds: '[2017]', retry: '{ max: 0 }' }),
        );
        const env = { ...cluster.env, ...(await machines(folder, `there: ${profile}\n`)) };
        const { code, stderr } = await runner(folder, there, { env });
        expect(stderr).toMatch(cause);
        expect(code).toBe(1);
        expect(await readResult(folder, 'journal.jsonl')).toContain('"failure":"outOfMemory"');
      }
    } finally {
      cluster.stop();
    }
  },
);
