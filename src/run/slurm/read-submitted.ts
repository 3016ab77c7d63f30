import { resolve } from 'node:path';
import type { Trial } from '../../plan/plan.js';
import type { TrialProgress } from '../../trial/trial-protocol.js';
import { Submissions } from './submissions.js';
import { MessageTail, TaskFiles } from './task-files.js';

/** A trial that Slurm has, or had when its task last wrote something. */
export interface SubmittedTrial {
  readonly trial: Trial;
  /** `ARRAY_INDEX`; null where the submission was interrupted. */
  readonly job: string | null;
  /** Where it runs; null while it waits in the queue. */
  readonly host: string | null;
  readonly progress: TrialProgress | null;
  /** Why it waits, where that does not pass by itself; null: it does, or it is not known. */
  readonly stuckBy: string | null;
}

/**
 * Those of some trials that were handed to Slurm and have not ended, in their order, by the files of the tasks alone. Writes
 * nothing.
 * @param directory the experiment's results
 */
export async function readSubmitted(directory: string, trials: readonly Trial[]): Promise<SubmittedTrial[]> {
  const submissions = new Submissions(resolve(directory));
  await submissions.refresh();
  const arrays = submissions.open();
  const started = new Map<string, ReadonlySet<string>>();
  const ended = new Map<string, ReadonlySet<string>>();
  for (const { name, folder } of arrays) {
    started.set(name, await new TaskFiles(folder).ids('started'));
    ended.set(name, await new TaskFiles(folder).ids('ended'));
  }
  const places = submissions.places();
  const submitted: SubmittedTrial[] = [];
  for (const trial of trials) {
    const place = places.get(trial.id);
    if (!place || ended.get(place.array.name)?.has(trial.id)) continue;
    const { array, index } = place;
    const files = new TaskFiles(array.folder);
    const start = started.get(array.name)?.has(trial.id) ? await files.readStart(trial.id) : null;
    const messages = start ? await new MessageTail(files.messages(trial.id)).read() : [];
    const last = messages.findLast((message) => message.type === 'progress');
    submitted.push({
      trial,
      job: array.job === null ? null : `${array.job}_${index}`,
      host: start?.host ?? null,
      progress: last?.progress ?? null,
      stuckBy: null,
    });
  }
  return submitted;
}
