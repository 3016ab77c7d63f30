import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { cacheDirectory, isCacheShared } from '../../system/cache-directory.js';
import type { MachineProfile } from '../../spec/machine-profile.js';
import type { Share } from './share-out.js';
import type { TaskFiles } from './task-files.js';

const taskProcess = fileURLToPath(new URL('../../../dist/run/slurm-task/task-process.js', import.meta.url));

/** In single quotes, as a shell reads them. */
const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** What each task of an array runs. Its shell becomes the task's process, so that signals reach that. */
export function jobScript(folder: string, { setup = [] }: MachineProfile): string {
  const { RUNNER_LIBTENSORFLOW: library } = process.env;
  const variables = {
    ...(isCacheShared()
      ? { RUNNER_SHARED_CACHE: cacheDirectory() }
      : { XDG_CACHE_HOME: dirname(cacheDirectory()) }),
    ...(library && { RUNNER_LIBTENSORFLOW: library }),
  };
  return [
    '#!/bin/bash',
    // With a limit of two minutes Slurm's USR2 comes as soon as this starts: it would end what does not listen yet.
    "trap '' USR2",
    ...setup,
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
    `exec ${[process.execPath, taskProcess, folder].map(quote).join(' ')}`,
    '',
  ].join('\n');
}

/**
 * Arguments of sbatch for an array.
 * @param tasks its indices are 0 … tasks − 1
 * @param seconds the limit of time of a task; null leaves it to the partition
 */
export function submitArguments(
  files: TaskFiles,
  name: string,
  tasks: number,
  { parallel, after }: Share,
  seconds: number | null,
  machine: MachineProfile,
): string[] {
  const { partition, account, qos, gpusPerTask, cpusPerTask, memory, extraArgs = [] } = machine;
  const options = {
    'job-name': name,
    array: `0-${tasks - 1}${parallel === null ? '' : `%${parallel}`}`,
    output: join(files.folder.replaceAll('%', '%%'), '%a.log'),
    dependency: after === null ? undefined : `afterany:${after}`,
    'open-mode': 'append',
    signal: 'B:USR2@90',
    chdir: process.cwd(),
    ntasks: 1,
    partition,
    account,
    qos,
    'gpus-per-task': gpusPerTask,
    'cpus-per-task': cpusPerTask,
    mem: memory,
    time: seconds === null ? undefined : Math.max(1, Math.ceil(seconds / 60)), // minutes, as Slurm counts them
  };
  return [
    '--no-requeue', // what is to run again is for this program to decide
    ...Object.entries(options).flatMap(([key, value]) =>
      value === undefined ? [] : [`--${key}=${String(value)}`],
    ),
    ...extraArgs,
    files.script(),
  ];
}
