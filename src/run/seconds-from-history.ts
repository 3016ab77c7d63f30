import type { Plan, Trial } from '../plan/plan.js';
import type { TrialOutcome } from '../trial/outcome.js';

/** Mean seconds of the finished trials that differ from this one by the seed at most; null without any. */
export function secondsFromHistory(
  plan: Plan,
  outcomes: ReadonlyMap<string, TrialOutcome>,
): (trial: Trial) => number | null {
  const byCell = new Map<number, number[]>();
  for (const trial of plan.trials) {
    const outcome = outcomes.get(trial.id);
    if (outcome?.status !== 'completed') continue;
    byCell.set(trial.cellIndex, [...(byCell.get(trial.cellIndex) ?? []), outcome.trainSeconds]);
  }
  return ({ cellIndex }) => {
    const seconds = byCell.get(cellIndex);
    return seconds ? seconds.reduce((a, b) => a + b) / seconds.length : null;
  };
}
