import { stat } from 'node:fs/promises';
import type { Plan } from '../plan/plan.js';
import { analyse, type Report } from '../report/analyse.js';
import { writeResults } from '../report/write-results.js';
import { writingResults, type Results } from './load-plan.js';

/**
 * Rebuilds every output from the results, and again where the journal has grown meanwhile: another runner may have
 * written its outputs before these, and whoever is last must have seen everything.
 * @param results as just read
 * @param read reads them again
 * @returns what the outputs say at the end
 * @throws RunnerError `results-unwritable`, which ends the program with `exitCode`; what `read` throws
 */
export async function writeCurrentResults(
  plan: Plan,
  results: Results,
  read: () => Promise<Results>,
  exitCode: 1 | 2,
): Promise<Report> {
  const { directory, journal, journalPath } = results;
  const report = analyse(plan, journal.outcomes);
  await writingResults(directory, exitCode, () => writeResults(directory, report, journal.environment));
  const found = await stat(journalPath).catch(() => null); // there is none where nothing was ever run
  if ((found?.size ?? 0) === journal.bytes) return report;
  return writeCurrentResults(plan, await read(), read, exitCode);
}
