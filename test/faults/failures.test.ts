/** Each way in which a trial fails, brought about for real: what is said, whether it is tried again, what is kept. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import {
  experiment,
  kill,
  newFolder,
  readResult,
  runner,
  RunningRunner,
  type Result,
} from '../command-line.js';

/** The line at the board's foot, in what is printed at the end, of the trial that failed; and its log. */
async function checkFoot({ stdout }: Result, folder: string, words: string): Promise<string> {
  const [line, log] = /^.*: failed \(.*; log: (.*)$/m.exec(stdout) ?? [];
  expect(line).toContain(words);
  expect(await readResult(folder, 'trials.csv')).toContain(words.replace(/^.*failed \((\w+)\), /, ',$1,'));
  return readFileSync(join(folder, log!), 'utf8');
}

test('a trial whose process is killed stops nothing else, and the next run trains it', async () => {
  const folder = await newFolder(experiment({ seeds: '[2017]' }));
  const run = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '1']);
  process.kill(await run.trialProcess(), 'SIGKILL');
  const first = await run.result;
  expect(first.code).toBe(1);
  await checkFoot(first, folder, 'failed (crash), its process was ended by SIGKILL');
  expect((await readResult(folder, 'trials.csv')).match(/,completed,/g)).toHaveLength(1);
  expect((await runner(folder, ['plan', 'tiny.yaml'])).stdout).toContain('1 retryable');
  const second = await runner(folder, ['tiny.yaml']);
  expect(second.stderr).toContain('2 trials, 1 to run');
  expect(second.code).toBe(0);
});

test('a trial that shows no progress is ended, and started again as retry.max allows', async () => {
  const fields = { seeds: '[2017]', budget: '{ stallTimeout: 6s }' };
  const folder = await newFolder(experiment({ ...fields, retry: '{ max: 1 }' }));
  const run = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '1']);
  process.kill(await run.trialProcess(), 'SIGSTOP');
  const { code, stderr } = await run.result;
  expect(stderr).toMatch(
    /failed \(stall\), it showed no progress for budget.stallTimeout, 6 s; log: .*; started again, number 1/,
  );
  expect(code).toBe(0);
});

test('a run that was stopped, as by Ctrl-Z, for longer than that goes on', async () => {
  const folder = await newFolder(experiment({ seeds: '[2017]', budget: '{ stallTimeout: 6s }' }));
  const run = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '1']);
  await run.trialProcess();
  run.killGroup('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 8000));
  run.killGroup('SIGCONT');
  const { code, stderr } = await run.result;
  expect(stderr).not.toContain('stall');
  expect(code).toBe(0);
});

test('what turns out bad in the file of weights is the file’s, and is not tried again', async () => {
  const folder = await newFolder(
    experiment({
      params: '{ alpha: 0.5, weights: imagenet, resolution: 28, epochs: 1 }',
      seeds: '[2017]',
      retry: '{ max: 3 }',
    }),
  );
  // A file of another width: it is HDF5, and only the trial's process reads what is in it.
  const weights = fileURLToPath(
    new URL('../fixtures/weights/mobilenet_2_5_224_tf_no_top.h5', import.meta.url),
  );
  copyFileSync(weights, join(folder, 'mobilenet_5_0_224_tf_no_top.h5'));
  const run = () => runner(folder, ['tiny.yaml', '--weights-dir', '.']);
  const first = await run();
  expect(first.code).toBe(1);
  expect(first.stderr).not.toContain('started again');
  const log = await checkFoot(
    first,
    folder,
    'failed (configuration), the weight file `mobilenet_5_0_224_tf_no_top.h5`',
  );
  expect(log).toContain('`conv1/conv1/kernel:0` has 216 numbers, expected 432');
  const second = await run();
  expect(second.stderr).toContain(
    'Nothing to train: 2 failed trials, which only --retry-failed trains again.',
  );
  expect(second.code).toBe(1);
});

test('a crash that repeats on every trial ends the sweep early, and says so', async () => {
  const folder = await newFolder(experiment({ seeds: '{ count: 10 }' }));
  const run = new RunningRunner(folder, ['tiny.yaml']);
  let ended = false;
  void run.result.then(() => (ended = true));
  while (!ended) {
    for (const child of run.trialProcesses()) kill(child, 'SIGKILL');
    await sleep(20);
  }
  const { code, stdout, stderr } = await run.result;
  expect(code).toBe(1);
  expect(stderr).toContain(
    'No more trials are started: all of the first 3 trials failed, the last because its process was ended by SIGKILL',
  );
  expect(
    stdout.match(/failed \(crash\), its process was ended by SIGKILL; log: /g)!.length,
  ).toBeLessThanOrEqual(4);
});

test.each([
  ['maxDuration', '{ maxDuration: 1s }', 'the run took budget.maxDuration, 1 s'],
  [
    'maxFailedTrials',
    '{ maxFailedTrials: 0, trialTimeout: 0.4s }',
    '1 trial failed, more than budget.maxFailedTrials, 0',
  ],
])(
  'past budget.%s no more trials are started, the running ones end, and all is written',
  async (_name, budget, reason) => {
    const folder = await newFolder(experiment({ budget, seeds: '{ count: 10 }' }));
    const { code, stdout, stderr } = await runner(folder, ['tiny.yaml']);
    expect(code).toBe(1);
    expect(stderr).toContain(`No more trials are started: ${reason}`);
    const started = stderr.match(/^started /gm)!.length;
    expect(started).toBeLessThan(20);
    const rows = (await readResult(folder, 'trials.csv')).trimEnd().split('\n').slice(1);
    expect(rows).toHaveLength(started);
    expect(stdout).toMatch(/^rank/);
    expect((await runner(folder, ['plan', 'tiny.yaml'])).stdout).toContain(`${20 - started} new`);
  },
);

describe('where the system’s memory does not suffice', () => {
  const controller = '/sys/fs/cgroup/memory';
  const group = `${controller}/runner-test-${process.pid}`;
  afterEach(() => {
    if (existsSync(group)) rmdirSync(group);
  });

  /** Of these, one takes some 680 MB with the runner while it evaluates 250 test images at a time, and two twice as much. */
  test.skipIf(!canMakeGroup(group))('trials run with less concurrency, once more each', async () => {
    mkdirSync(group);
    writeFileSync(`${group}/memory.limit_in_bytes`, String(740e6));
    const params = '{ alpha: 0.5, weights: none, resolution: 112, epochs: 1 }';
    const data = '{ trainSubset: 192, validation: { holdout: 64 } }';
    const folder = await newFolder(experiment({ params, data, seeds: '[2017]' }));
    const enter = ['sh', '-c', `echo $$ > ${group}/cgroup.procs; exec "$@"`, 'sh'];
    const { code, stderr } = await runner(folder, ['tiny.yaml'], { through: enter });
    expect(stderr).toMatch(
      /failed \(outOfMemory\), the system ended its process: it was out of memory; log: .*; 1 at a time from now on, and it is started once more/,
    );
    expect(code).toBe(0);
  });
});

function canMakeGroup(path: string): boolean {
  try {
    mkdirSync(path);
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}
