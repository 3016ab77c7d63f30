import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeProblem } from '../../src/diagnostics/problem.js';
import { RunnerError } from '../../src/diagnostics/runner-error.js';
import { loadMachines, machinesPath } from '../../src/spec/load-machines.js';

async function load(yaml: string) {
  const path = join(await mkdtemp(join(tmpdir(), 'runner-machines-')), 'machines.yaml');
  await writeFile(path, yaml);
  return loadMachines(path);
}

/** What is said of a file, without its folder. */
async function problemsOf(yaml: string): Promise<string[]> {
  const error: unknown = await load(yaml).then(
    () => null,
    (refusal: unknown) => refusal,
  );
  if (!(error instanceof RunnerError)) throw new Error('it was not refused');
  return error.problems.map((problem) => describeProblem(problem).replaceAll(/\S+\/machines/g, 'machines'));
}

test('machines have names and settings; there may be no file', async () => {
  const machines = await load(
    'gpu:\n  partition: gpu\n  gpusPerTask: 1\n  time: 2h30m\n  setup: [module load gcc]\nany: {}\n',
  );
  expect([...machines]).toEqual([
    ['gpu', { partition: 'gpu', gpusPerTask: 1, time: '2h30m', setup: ['module load gcc'] }],
    ['any', {}],
  ]);
  expect(await loadMachines('/nowhere/machines.yaml')).toEqual(new Map());
});

test('the file is in the folder of configurations', () => {
  expect(machinesPath({ HOME: '/home/ada' })).toBe('/home/ada/.config/classifier-sweep-runner/machines.yaml');
  expect(machinesPath({ HOME: '/home/ada', XDG_CONFIG_HOME: '/etc/ada' })).toBe(
    '/etc/ada/classifier-sweep-runner/machines.yaml',
  );
});

test('mistakes are shown at their places, all of them', async () => {
  const yaml =
    'gpu:\n  partiton: gpu\n  time: 90\n  maxParallel: 0\n  memory: 4000\n  setup: module load gcc\n';
  expect(await problemsOf(yaml)).toMatchInlineSnapshot(`
    [
      "error[unknown-field]: \`partiton\` is not a field of \`gpu\`
     ┌─ machines.yaml:2:3
    2 │   partiton: gpu
      │   ^^^^^^^^ did you mean \`partition\`?
      = allowed: account, cache, cpusPerTask, extraArgs, gpusPerTask, maxParallel, memory, partition, qos, setup, time, trialsPerTask",
      "error[invalid-duration]: \`gpu.time\` is not a length of time: \`90\`
     ┌─ machines.yaml:3:9
    3 │   time: 90
      │         ^^ write \`90s\`
      = note: the units are d, h, m and s, without spaces",
      "error[out-of-range]: \`gpu.maxParallel\` is out of range: \`0\`
     ┌─ machines.yaml:4:16
    4 │   maxParallel: 0
      │                ^ must be at least 1 and at most 100000",
      "error[wrong-type]: expected \`gpu.memory\` to be text, got \`4000\`
     ┌─ machines.yaml:5:11
    5 │   memory: 4000
      │           ^^^^ write text that looks like a number or a boolean in quotes: "4000"",
      "error[wrong-type]: expected \`gpu.setup\` to be a list, got the text \`module load gcc\`
     ┌─ machines.yaml:6:10
    6 │   setup: module load gcc
      │          ^^^^^^^^^^^^^^^ write \`[module load gcc]\`",
    ]
  `);
});

test('a mapping of machines is expected, and YAML', async () => {
  expect(await problemsOf('partition: gpu\n')).toMatchInlineSnapshot(`
    [
      "error[wrong-type]: expected \`partition\` to be a mapping, got the text \`gpu\`
     ┌─ machines.yaml:1:12
    1 │ partition: gpu
      │            ^^^",
    ]
  `);
  expect(await problemsOf('gpu: {partition: gpu\n')).toMatchInlineSnapshot(`
    [
      "error[yaml-syntax]: this is not YAML
     ┌─ machines.yaml:1:6
    1 │ gpu: {partition: gpu
      │      ^ this \`{\` has no \`}\`",
    ]
  `);
});
