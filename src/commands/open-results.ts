import type { Plan } from '../plan/plan.js';
import { ResultsFolder, type Known } from '../run/results-folder.js';
import type { Arguments } from './arguments.js';
import { showSharedName } from './show-hints.js';

/** The experiment's results, which warn of damage on standard error. */
export function openResults({ name }: Plan, { resultsDir }: Arguments): ResultsFolder {
  return new ResultsFolder(resultsDir, name, (line) => process.stderr.write(`warning: ${line}\n`));
}

/** Opens and reads them, and says which other files have results there. @throws as `ResultsFolder.read` */
export async function readResults(
  plan: Plan,
  file: string,
  args: Arguments,
): Promise<{ readonly results: ResultsFolder; readonly known: Known }> {
  const results = openResults(plan, args);
  const known = await results.read(plan.trials, args.force);
  showSharedName(plan, file, await results.findOtherFiles(file), args);
  return { results, known };
}
