import { comparePlans } from '../plan/compare-plans.js';
import { explainNew } from '../plan/explain-new.js';
import { powerOf, spreadOfPairs } from '../report/statistics/power.js';
import { collectResults, valuesByCell } from '../report/statistics/trial-results.js';
import { neededInRounds } from '../report/statistics/needed-trials.js';
import { playPlan } from '../report/statistics/plan-rounds.js';
import { cellsCsv } from '../report/formats/cells-csv.js';
import { describeDifference } from '../report/text/describe-difference.js';
import { describePlan, planToJson } from '../report/text/describe-plan.js';
import { secondsFromHistory } from '../run/seconds-from-history.js';
import { familyNames } from '../provision/describe-engine.js';
import { trialStates } from '../run/trial-states.js';
import { isStandardOutput, shownPath } from '../system/descriptor-path.js';
import { fileIdentity } from '../system/file-identity.js';
import type { Arguments } from './arguments.js';
import { loadPlanAndFiles } from './load-plan.js';
import { readResults } from './open-results.js';
import { summarizeData } from './summarize-data.js';
import { saveNamedFile } from './save-named-file.js';
import { showHints, showPowerHint, showUntestedHint } from './show-hints.js';

/** Shows what a file expands to and what of it is done. Loads no tensor library. */
export async function plan(args: Arguments): Promise<number> {
  const file = args.files[0]!;
  const { csv, diff, json } = args;
  const { plan, files, data, engine } = await loadPlanAndFiles(file, args);
  const other = diff === undefined ? null : await loadPlanAndFiles(diff, args);
  showHints(plan, file, args);
  const { results, known } = await readResults(plan, file, args);
  const { records, outcomes } = known;
  const values = valuesByCell(plan, collectResults(plan, outcomes));
  const played = playPlan(plan, values);
  const { needed, ifUndecided } = neededInRounds(plan, played.rounds);
  const states = trialStates(plan, outcomes, needed, ifUndecided.flat());
  // What is saved to standard output leaves the text to standard error.
  const csvToOutput = csv !== undefined && isStandardOutput(csv);
  const print = (text: string) => {
    if (!csvToOutput) process.stdout.write(`${text}\n`);
    else if (!args.quiet) process.stderr.write(`${text}\n`);
  };
  if (csvToOutput) process.stdout.write(cellsCsv(plan, states));
  else if (csv !== undefined) {
    const journal = { path: results.journalPath, identity: await fileIdentity(results.journalPath) };
    await saveNamedFile(csv, cellsCsv(plan, states), { read: [...files, ...(other?.files ?? []), journal] });
  }
  if (other) {
    const difference = comparePlans(plan, other.plan);
    print(json ? toJson(difference) : describeDifference(difference, shownPath(file), shownPath(diff!)));
    return 0;
  }
  const outdated = explainNew(
    plan.trials.filter(({ id }) => states.get(id) === 'new'),
    [...records.values()].map(({ trial }) => trial),
    data.factsOf,
  );
  const power = powerOf(plan, spreadOfPairs(played));
  const summaries = await summarizeData(plan, data, args);
  print(
    json
      ? toJson({ ...planToJson(plan, states, outdated, power, summaries), engine })
      : `${describePlan(plan, states, outdated, secondsFromHistory(plan, outcomes), file, power, summaries)}\n` +
          `engine: ${familyNames[engine.family]}, ${engine.why}`,
  );
  showPowerHint(power, plan, file, args);
  showUntestedHint(
    values.reduce((sum, { untestedSeeds }) => sum + untestedSeeds.length, 0),
    file,
    args,
  );
  return 0;
}

const toJson = (value: unknown) => JSON.stringify(value, null, 2);
