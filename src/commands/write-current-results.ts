import { stat } from 'node:fs/promises';
import type { Plan } from '../plan/plan.js';
import { writeResults } from '../report/outputs/write-results.js';
import { writingResults, type Results } from './load-plan.js';

/**
 * Rebuilds every output from the results, and again where the journal has grown meanwhile: another runner may have
 * written its outputs before these, and whoever is last must have seen everything.
 * @param results as just read
 * @param read reads them again
 * @returns what the outputs were rebuilt from at the end
 * @throws RunnerError `results-unwritable`, which ends the program with `exitCode`; what `read` throws
 */
export async function writeCurrentResults(
  plan: Plan,
  results: Results,
  read: () => Promise<Results>,
  exitCode: 1 | 2,
): Promise<Results> {
  const { directory, journal, journalPath } = results;
  await writingResults(directory, exitCode, () => writeResults(directory, plan, journal));
  const found = await stat(journalPath).catch(() => null); // there is none where nothing was ever run
  if ((found?.size ?? 0) === journal.bytes) return results;
  return writeCurrentResults(plan, await read(), read, exitCode);
}
