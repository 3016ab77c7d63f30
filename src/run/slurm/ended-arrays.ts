import { Submissions, type SubmittedArray } from './submissions.js';
import { TaskFiles } from './task-files.js';

/**
 * Folders of arrays of which nothing is expected any more: of each of their trials a result is in the trials' store, or it is
 * known what became of it. Writes nothing.
 * @param directory the experiment's results
 * @param isClaimed whether a process trains, or follows, a trial: it may still have to read how that ended
 */
export async function endedArrays(
  directory: string,
  isClaimed: (trialId: string) => Promise<boolean>,
): Promise<string[]> {
  const submissions = new Submissions(directory);
  await submissions.refresh();
  const folders: string[] = [];
  for (const array of submissions.all()) {
    if (!(await isOver(array))) continue;
    const claims = await Promise.all(array.tasks.flat().map(isClaimed));
    if (!claims.includes(true)) folders.push(array.folder);
  }
  return folders;
}

async function isOver({ abandoned, folder, tasks, settled }: SubmittedArray): Promise<boolean> {
  if (abandoned) return true;
  const files = new TaskFiles(folder);
  for (const id of tasks.flat()) {
    if (settled.has(id)) continue;
    const end = await files.readEnd(id);
    if (end === null || end.status === 'failed') return false; // nobody has seen the failure yet
  }
  return true;
}
