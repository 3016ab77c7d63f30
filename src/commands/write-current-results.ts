import type { Plan } from '../plan/plan.js';
import { analyse, type Report } from '../report/analyse.js';
import { writeResults } from '../report/write-results.js';
import type { Known, ResultsFolder } from '../run/results-folder.js';

/**
 * Rebuilds every output from what is known, and again where the journal has grown meanwhile: another runner may have
 * written its outputs before these, and whoever is last must have seen everything.
 * @param known as just read
 * @returns what the outputs say at the end
 * @throws RunnerError `results-unwritable`, which ends the program with `exitCode`; what reading throws
 */
export async function writeCurrentResults(
  plan: Plan,
  results: ResultsFolder,
  known: Known,
  exitCode: 1 | 2,
): Promise<Report> {
  const report = analyse(plan, known.outcomes);
  await results.writing(exitCode, () => writeResults(results.directory, report, known.environment));
  if (!(await results.hasChangedSince(known))) return report;
  return writeCurrentResults(plan, results, await results.read(plan.trials), exitCode);
}
