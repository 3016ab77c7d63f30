import { RunnerError } from '../diagnostics/runner-error.js';
import type { Plan } from '../plan/plan.js';
import type { Known, ResultsFolder } from '../run/results-folder.js';

/**
 * Refuses to report on nothing: a leaderboard of missing trials would take the place of one that is good.
 * @throws RunnerError `nothing-known`
 */
export function requireOutcomes(plan: Plan, { directory }: ResultsFolder, { records }: Known): void {
  if (plan.trials.some(({ id }) => records.has(id))) return;
  const trials = plan.trials.length;
  throw new RunnerError([
    { kind: 'environment', reason: 'nothing-known', path: directory, trials, others: records.size },
  ]);
}
