import type { FailedOutcome } from '../../trial/outcome.js';
import { failureOf, hasLog } from './failure-of.js';
import { hasCheckpoint, taskOf, type Followed } from './followed-trial.js';
import type { JobEnd } from './job-state.js';
import type { JobRow } from './slurm-client.js';
import { TaskFiles } from './task-files.js';

/** What follows where a task has ended and its trial left no outcome. */
export type Judgement =
  /** Somebody has ended it: that is no failure. */
  | { readonly type: 'cancelled'; readonly why: string }
  /** It says nothing about the trial, which goes on in another task. */
  | { readonly type: 'again'; readonly why: string }
  | { readonly type: 'failed'; readonly outcome: FailedOutcome };

/**
 * @param end null: Slurm has forgotten the task
 * @param hasBegun whether some trial of the same array was begun, by its id
 */
export async function judgeEnd(
  followed: Followed,
  end: JobEnd | null,
  row: JobRow | null,
  hasBegun: (id: string) => boolean,
): Promise<Judgement> {
  const { request, isStarted, array, index } = followed;
  const task = taskOf(followed);
  const log = new TaskFiles(array.folder).log(index);
  const othersBegan = array.tasks[index]!.some((id) => id !== request.trial.id && hasBegun(id));
  // A task that is cancelled in the queue leaves nothing behind, neither in Slurm nor on the disk.
  const hasVanished = end === null && !isStarted && !othersBegan && !(await hasLog(log));
  if (end === 'cancelled' || hasVanished)
    return { type: 'cancelled', why: `somebody has cancelled its job ${task}; the next run trains it` };
  const isInterrupted = end === 'timeout' || end === 'preempted' || end === 'nodeFailure';
  const wasPassedOver = !isStarted && othersBegan; // another trial of its task had the time
  if (wasPassedOver || (isInterrupted && isStarted && (await hasCheckpoint(followed))))
    return { type: 'again', why: `job ${task} ${describeEnd(end)}; it goes on in another one` };
  return { type: 'failed', outcome: await failureOf(task, end, row, isStarted ? followed.logFile : log) };
}

function describeEnd(end: JobEnd | null): string {
  switch (end) {
    case 'timeout':
      return 'was at its limit of time';
    case 'preempted':
      return 'had to make room for another';
    case 'nodeFailure':
      return 'lost its node';
    default:
      return 'ended';
  }
}
