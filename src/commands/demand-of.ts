import type { Plan } from '../plan/plan.js';
import { neededTrials } from '../report/statistics/needed-trials.js';
import { pendingTrials, type Demand, type PendingOptions } from '../run/run-plan.js';
import type { TrialOutcome } from '../trial/outcome.js';

/**
 * What a run is to train of a plan: of a running design, what the outcomes ask for next.
 * @param known the outcomes before the run, by trial id
 */
export function demandOf(
  plan: Plan,
  known: ReadonlyMap<string, TrialOutcome>,
  options: PendingOptions,
): (ended: ReadonlyMap<string, TrialOutcome>) => Demand {
  const pending = pendingTrials(plan, known, options);
  if (!plan.untilDecided) {
    const all: Demand = { now: pending, ahead: [] };
    return () => all;
  }
  const ids = new Set(pending.map(({ id }) => id));
  const before = [...known].filter(([id]) => !ids.has(id)); // what is trained again counts as not there yet
  return (ended) => {
    const { needed, ifUndecided } = neededTrials(plan, new Map([...before, ...ended]));
    const isPending = ({ id }: { id: string }) => ids.has(id);
    return { now: needed.filter(isPending), ahead: ifUndecided.map((round) => round.filter(isPending)) };
  };
}
