import type { Report } from '../report/analyse.js';
import type { ResultsFolder } from '../run/results-folder.js';
import type { Arguments } from './arguments.js';
import type { LoadedPlan } from './load-plan.js';
import { describeLacking, dropNetworks, saveModels } from './save-models.js';
import { say } from './say.js';
import { trainPending } from './train-pending.js';
import { writeCurrentResults } from './write-current-results.js';

/**
 * The end of a run that was not interrupted: saves the models that the file asks for, and trains again, to the same
 * numbers, the trials whose networks were not kept. Of a complete sweep that keeps the best model only, the networks go.
 * @param exitCode of the program where the disk refuses
 */
export async function modelsOfRun(
  loaded: LoadedPlan,
  file: string,
  results: ResultsFolder,
  report: Report,
  exitCode: 1 | 2,
  args: Arguments,
): Promise<{ readonly report: Report; readonly interrupted: boolean }> {
  const { plan } = loaded;
  if (plan.saveModels === 'none') return { report, interrupted: false };
  let last = report;
  let lacking = await saveModels(loaded, results, report, exitCode, args);
  if (lacking.length > 0) {
    const are = lacking.length === 1 ? 'It is' : 'They are';
    say(args, `${describeLacking(lacking)}. ${are} trained again, to the same numbers.`);
    const demand = { now: lacking, ahead: [] };
    const known = await results.read(plan, true);
    const end = await trainPending(loaded, () => demand, file, results, known, args);
    last = await writeCurrentResults(plan, file, results, end.known, 1, end.page);
    if (end.how !== 'finished') return { report: last, interrupted: true };
    lacking = await saveModels(loaded, results, last, 1, args);
    if (lacking.length > 0) say(args, `${describeLacking(lacking)}. The logs of the trials say why.`);
  }
  const isComplete = last.results.length === last.needed.size;
  const hasFailed = last.misses.some(({ outcome }) => outcome.status === 'failed');
  if (isComplete && !hasFailed && lacking.length === 0) await dropNetworks(results, plan);
  return { report: last, interrupted: false };
}
