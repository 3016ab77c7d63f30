import type { MachineProfile } from '../../spec/machine-profile.js';

/** Seconds of work in a task that is made of several short trials: starting one costs Slurm, and the engine, some seconds. */
const worthwhile = 600;

/**
 * Puts trials into tasks, in order. By their time as many go together as make ten minutes, or half of the limit of time
 * where that is less, but never so many that fewer tasks remain than may run at the same time. Trials of unknown time stay
 * alone, and all do without `maxParallel`.
 * @param secondsOf what a trial takes; null where nothing like it has been trained
 * @param limit seconds that a task may take; null where that is not known
 */
export function packTrials<T>(
  trials: readonly T[],
  secondsOf: (trial: T) => number | null,
  { trialsPerTask = 'auto', maxParallel }: Pick<MachineProfile, 'trialsPerTask' | 'maxParallel'>,
  limit: number | null,
): T[][] {
  const most =
    trialsPerTask === 'auto' ? Math.floor(trials.length / (maxParallel ?? Infinity)) : trialsPerTask;
  const room = trialsPerTask === 'auto' ? Math.min(worthwhile, (limit ?? Infinity) / 2) : Infinity;
  const tasks: T[][] = [];
  let seconds = 0;
  for (const trial of trials) {
    const more = trialsPerTask === 'auto' ? (secondsOf(trial) ?? Infinity) : 0;
    const last = tasks.at(-1);
    if (last && last.length < most && seconds + more <= room) {
      last.push(trial);
      seconds += more;
    } else {
      tasks.push([trial]);
      seconds = more;
    }
  }
  return tasks;
}
