import { resolve } from 'node:path';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { resolveIntents } from './resolve-intents.js';
import { SlurmClient } from './slurm-client.js';
import { Submissions } from './submissions.js';
import { TaskFiles } from './task-files.js';

/**
 * Ends what Slurm has of an experiment, waiting or running.
 * @param directory the experiment's results
 * @returns how many tasks there were that had not ended
 * @throws RunnerError `slurm-silent`
 */
export async function cancelSubmissions(directory: string, say: (line: string) => void): Promise<number> {
  const client = new SlurmClient();
  const submissions = new Submissions(resolve(directory));
  await submissions.refresh();
  if (submissions.open().length === 0) return 0;
  await resolveIntents(client, submissions, say);
  let cancelled = 0;
  for (const array of submissions.open()) {
    const ended = await new TaskFiles(array.folder).ids('ended');
    const isOpen = (id: string) => !ended.has(id) && !array.settled.has(id);
    const names = array.tasks.flatMap((ids, index) => (ids.some(isOpen) ? [`${array.job}_${index}`] : []));
    if (names.length === 0) continue;
    if (!(await client.cancel(names)))
      throw new RunnerError([{ kind: 'environment', reason: 'slurm-silent' }]);
    await submissions.append(
      ...array.tasks
        .flat()
        .filter(isOpen)
        .map((trial) => ({ type: 'settled', name: array.name, trial }) as const),
    );
    cancelled += names.length;
  }
  return cancelled;
}
