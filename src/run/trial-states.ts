import type { Plan, Trial } from '../plan/plan.js';
import type { TrialState } from '../plan/trial-state.js';
import { isRetryable, type TrialOutcome } from '../trial/outcome.js';

/**
 * Of each of the plan's trials, by id. A diverged trial is done: it is a finding.
 * @param needed the trials that the answer needs
 * @param ifUndecided those that it needs if no verdict comes before
 */
export function trialStates(
  { trials }: Pick<Plan, 'trials'>,
  outcomes: ReadonlyMap<string, TrialOutcome>,
  needed: readonly Trial[],
  ifUndecided: readonly Trial[],
): ReadonlyMap<string, TrialState> {
  const [neededIds, laterIds] = [needed, ifUndecided].map((some) => new Set(some.map(({ id }) => id)));
  const stateOf = ({ id }: Trial): TrialState => {
    if (!neededIds!.has(id)) return laterIds!.has(id) ? 'if-undecided' : 'not-needed';
    const outcome = outcomes.get(id);
    if (!outcome) return 'new';
    if (outcome.status !== 'failed') return 'done';
    return isRetryable(outcome) ? 'retryable' : 'failed';
  };
  return new Map(trials.map((trial) => [trial.id, stateOf(trial)]));
}
