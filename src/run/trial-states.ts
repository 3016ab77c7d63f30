import type { Plan, Trial } from '../plan/plan.js';
import type { TrialState } from '../plan/trial-state.js';
import { isRetryable, type TrialOutcome } from '../trial/outcome.js';

/** Of each of the plan's trials, by id. A diverged trial is done: it is a finding. */
export function trialStates(
  plan: Plan,
  outcomes: ReadonlyMap<string, TrialOutcome>,
): ReadonlyMap<string, TrialState> {
  const stateOf = ({ id }: Trial): TrialState => {
    const outcome = outcomes.get(id);
    if (!outcome) return 'new';
    if (outcome.status !== 'failed') return 'done';
    return isRetryable(outcome) ? 'retryable' : 'failed';
  };
  return new Map(plan.trials.map((trial) => [trial.id, stateOf(trial)]));
}
