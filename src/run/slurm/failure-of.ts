import { stat } from 'node:fs/promises';
import type { Failure, FailedOutcome } from '../../trial/outcome.js';
import type { JobEnd } from './job-state.js';
import type { JobRow } from './slurm-client.js';

/**
 * What it means that a task has ended without its trial's outcome.
 * @param end null: Slurm does not know it any more
 * @param log what the task has printed
 */
export async function failureOf(
  task: string,
  end: Exclude<JobEnd, 'cancelled'> | null,
  row: JobRow | null,
  log: string,
): Promise<FailedOutcome> {
  const [failure, cause] = explain(task, end, row, await hasLog(log));
  return { status: 'failed', failure, cause, logFile: log };
}

/** Whether a task has begun, as far as its log says. Slurm fails a task that cannot write one before it begins. */
export const hasLog = (log: string): Promise<boolean> =>
  stat(log).then(
    (found) => found.isFile(),
    () => false,
  );

function explain(
  task: string,
  end: Exclude<JobEnd, 'cancelled'> | null,
  row: JobRow | null,
  isLogged: boolean,
): [Failure, string] {
  const where = row?.node ? ` on ${row.node}` : '';
  switch (end) {
    case 'timeout':
      return [
        'timeout',
        `Slurm ended its job ${task}${where} at the limit of time, before a checkpoint was made`,
      ];
    case 'outOfMemory':
      return ['outOfMemory', `Slurm ended its job ${task}${where}: it was out of memory`];
    case 'nodeFailure':
      return ['crash', `its job ${task} lost its node${where && `, ${row!.node}`}`];
    case 'preempted':
      return ['crash', `its job ${task}${where} had to make room for another`];
    case 'failed':
      return [
        'crash',
        isLogged
          ? `its job ${task} failed${where}`
          : `Slurm could not start its job ${task}${where}: its log could not be written`,
      ];
    case 'completed':
      return ['crash', `its job ${task} ended${where} without a result`];
    case null:
      return ['crash', `Slurm does not know its job ${task} any more, and it left no result`];
  }
}
