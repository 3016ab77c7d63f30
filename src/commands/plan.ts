import { describePlan, planToJson } from '../plan/describe-plan.js';
import type { Arguments } from './arguments.js';
import { loadPlan, readResults, secondsFromHistory, trialStates } from './load-plan.js';
import { showHints } from './show-hints.js';

/** Shows what a file expands to and what of it is done. Loads no tensor library. */
export async function plan(args: Arguments): Promise<number> {
  const file = args.files[0]!;
  const plan = await loadPlan(file, args);
  showHints(plan, file, args);
  const { journal } = await readResults(plan, args);
  const states = trialStates(plan, journal.outcomes);
  const text = args.json
    ? JSON.stringify(planToJson(plan, states), null, 2)
    : describePlan(plan, states, secondsFromHistory(plan, journal.outcomes), file);
  process.stdout.write(`${text}\n`);
  return 0;
}
