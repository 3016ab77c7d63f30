import type { Plan } from '../plan/plan.js';
import { analyse, type Report } from '../report/analyse.js';
import { writeResults } from '../report/write-results.js';
import type { PageWriter } from './page-writer.js';
import { lookAt } from '../run/looks.js';
import type { Known, ResultsFolder } from '../run/results-folder.js';

/**
 * Rebuilds every output from what is known, and again where the journal has grown meanwhile: another runner may have
 * written its outputs before these, and the last one must have seen everything.
 * The journal keeps which figures are shown (`LookRecord`), once. Writes nothing where nothing is known: what is there is of trials that the file had before.
 * @param known as just read
 * @returns what is known at the end
 * @throws RunnerError `results-unwritable`, which ends the program with `exitCode`; what reading throws
 */
export async function writeCurrentResults(
  plan: Plan,
  file: string,
  results: ResultsFolder,
  known: Known,
  exitCode: 1 | 2,
  page: PageWriter,
): Promise<Report> {
  const report = analyse(plan, known.outcomes);
  let seen = known;
  if (report.results.length > 0)
    await results.writing(exitCode, async () => {
      await writeResults(results.directory, report, known.environment);
      await results.writePlan(plan, file);
      const figures = report.comparisons.map(({ seeds }) => seeds);
      seen = await results.keepLook(known, lookAt(plan, figures));
    });
  if (report.results.length > 0 || page.saysRunning)
    await results.writing(exitCode, () => page.write(report, known.environment, null));
  if (!(await results.hasChangedSince(seen))) return report;
  return writeCurrentResults(plan, file, results, await results.read(plan), exitCode, page);
}
