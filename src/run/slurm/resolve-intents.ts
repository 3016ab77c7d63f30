import { setTimeout as sleep } from 'node:timers/promises';
import type { SlurmClient } from './slurm-client.js';
import type { Submissions, SubmittedArray } from './submissions.js';
import { TaskFiles } from './task-files.js';

/** Milliseconds in which a call of sbatch has ended, also one whose caller was killed: it is bounded to half of that. */
const longestSubmission = 60 * 1000;
const between = 2000; // milliseconds between two looks

/**
 * Finds out of each array that was about to be submitted whether Slurm has it. Afterwards each open one has a number.
 * @param isOver no call of sbatch is under way for it any more: one answer of Slurm settles it
 */
export async function resolveIntents(
  client: SlurmClient,
  submissions: Submissions,
  say: (line: string) => void,
  isOver: (array: SubmittedArray) => boolean = () => false,
): Promise<void> {
  await submissions.refresh();
  for (const array of submissions.open().filter(({ job }) => job === null))
    await resolveIntent(client, submissions, array, say, isOver(array));
}

/** It is looked for by its name, then by what its tasks have written. */
async function resolveIntent(
  client: SlurmClient,
  submissions: Submissions,
  array: SubmittedArray,
  say: (line: string) => void,
  isOver: boolean,
): Promise<void> {
  const { name } = array;
  for (let answers = 0, isTold = false; ;) {
    await submissions.refresh();
    if (array.job !== null || array.abandoned) return; // the process that submitted it lives, and has found out
    const found = await client.jobsNamed(name);
    const job = found?.[0] ?? (await jobOfTasks(array));
    if (job !== null) return submissions.append({ type: 'submitted', name, job });
    if (found !== null) answers++;
    const age = Date.now() - Date.parse(array.at);
    if (answers > 0 && (isOver || (answers > 1 && (age > longestSubmission || age < 0)))) break;
    if (!isTold)
      say(
        found === null
          ? 'Slurm does not answer; it is asked again whether it has what was submitted.'
          : 'A submission was interrupted; waiting up to a minute to see whether Slurm has it.',
      );
    isTold = true;
    await sleep(between);
  }
  await giveUp(submissions, array);
  // Tasks of an array that came all the same do nothing.
  const late = await client.jobsNamed(name);
  if (late && late.length > 0) await client.cancel(late);
}

/** Tasks that start from now on do nothing, so that no trial is trained twice. */
export async function giveUp(
  submissions: Submissions,
  { name, folder }: Pick<SubmittedArray, 'name' | 'folder'>,
): Promise<void> {
  await new TaskFiles(folder).abandon();
  await submissions.append({ type: 'abandoned', name });
}

/** Slurm may have forgotten an array that has ended, but what its tasks have written names it. */
async function jobOfTasks({ folder }: SubmittedArray): Promise<string | null> {
  const files = new TaskFiles(folder);
  for (const id of await files.ids('started')) {
    const start = await files.readStart(id);
    if (start) return start.task.split('_')[0]!;
  }
  return null;
}
