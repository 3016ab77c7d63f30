import { RunnerError } from '../diagnostics/runner-error.js';
import { comparePlans } from '../plan/compare-plans.js';
import { describeDifference } from '../report/text/describe-difference.js';
import { describePlan, planToJson } from '../report/text/describe-plan.js';
import { cellsCsv } from '../report/formats/cells-csv.js';
import { writeFileAtomically } from '../system/write-file-atomically.js';
import type { Arguments } from './arguments.js';
import { explainNew } from '../plan/explain-new.js';
import { secondsFromHistory } from '../run/seconds-from-history.js';
import { trialStates } from '../run/trial-states.js';
import { loadPlan } from './load-plan.js';
import { openResults } from './open-results.js';
import { showHints } from './show-hints.js';

/** Shows what a file expands to and what of it is done. Loads no tensor library. */
export async function plan(args: Arguments): Promise<number> {
  const file = args.files[0]!;
  const plan = await loadPlan(file, args);
  showHints(plan, file, args);
  if (args.diff !== undefined) {
    const difference = comparePlans(plan, await loadPlan(args.diff, args));
    const text = args.json ? toJson(difference) : describeDifference(difference, file, args.diff);
    process.stdout.write(`${text}\n`);
    return 0;
  }
  const { records, outcomes } = await openResults(plan, args).read(plan.trials);
  const states = trialStates(plan, outcomes);
  const outdated = explainNew(
    plan.trials.filter(({ id }) => states.get(id) === 'new'),
    [...records.values()].map(({ trial }) => trial),
  );
  if (args.csv !== undefined) await save(args.csv, cellsCsv(plan, states));
  const text = args.json
    ? toJson(planToJson(plan, states, outdated))
    : describePlan(plan, states, outdated, secondsFromHistory(plan, outcomes), file);
  process.stdout.write(`${text}\n`);
  return 0;
}

const toJson = (value: unknown) => JSON.stringify(value, null, 2);

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomically(path, text);
  } catch (error) {
    const { message: cause } = error as Error;
    throw new RunnerError([{ kind: 'environment', reason: 'not-written', path, cause }]);
  }
}
