import type { Plan } from '../plan/plan.js';
import { ResultsFolder } from '../run/results-folder.js';
import type { Arguments } from './arguments.js';

/** The experiment's results, which warn of damage on standard error. */
export function openResults({ name }: Plan, { resultsDir }: Arguments): ResultsFolder {
  return new ResultsFolder(resultsDir, name, (line) => process.stderr.write(`warning: ${line}\n`));
}
