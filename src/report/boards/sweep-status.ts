import type { Plan, Trial } from '../../plan/plan.js';
import type { TrialState, TrialStates } from '../../plan/trial-state.js';
import type { ClaimedTrial } from '../../run/claimed-trials.js';
import type { SubmittedTrial } from '../../run/slurm/read-submitted.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import type { RunningTrial } from './board-lines.js';
import { onOneLine } from './live-frame.js';
import { Totals } from './totals.js';

/** A sweep at one moment, as it looks from outside of its run. */
export interface SweepStatus {
  readonly plan: Plan;
  readonly outcomes: ReadonlyMap<string, TrialOutcome>;
  readonly states: TrialStates;
  /** What living processes train, of whichever run. */
  readonly running: readonly ClaimedTrial[];
  /** What a cluster has and no living process follows. */
  readonly submitted: readonly SubmittedTrial[];
  /** What processes had begun that are gone: the next run goes on from its last checkpoint. */
  readonly abandoned: readonly ClaimedTrial[];
  /** The trials that have an outcome, failures among them, and do not run again. */
  readonly ended: readonly Trial[];
  /** Those that the next run trains, or this one still will. */
  readonly left: readonly Trial[];
  /** Those that are trained if no verdict comes before. */
  readonly ifUndecided: number;
}

export function sweepStatus(
  plan: Plan,
  outcomes: ReadonlyMap<string, TrialOutcome>,
  states: TrialStates,
  claimed: readonly ClaimedTrial[],
  inCluster: readonly SubmittedTrial[] = [],
): SweepStatus {
  const stateOf = ({ id }: Trial): TrialState => states.get(id) ?? 'new';
  const running = claimed.filter(({ claim }) => claim.isAlive);
  const followed = new Set(running.map(({ trial }) => trial.id));
  const submitted = inCluster.filter(({ trial }) => !followed.has(trial.id) && stateOf(trial) !== 'done');
  const runs = new Set([...running, ...submitted].map(({ trial }) => trial.id));
  const isLeft = (trial: Trial) => ['new', 'retryable'].includes(stateOf(trial)) && !runs.has(trial.id);
  const left = plan.trials.filter(isLeft);
  const waits = new Set(left.map(({ id }) => id));
  return {
    plan,
    outcomes,
    states,
    running,
    submitted,
    abandoned: claimed.filter(({ trial, claim }) => !claim.isAlive && waits.has(trial.id)),
    ended: plan.trials.filter(
      (trial) => ['done', 'failed', 'retryable'].includes(stateOf(trial)) && !runs.has(trial.id),
    ),
    left,
    ifUndecided: plan.trials.filter((trial) => stateOf(trial) === 'if-undecided').length,
  };
}

/** As the run's board counts them, but over the whole sweep: what was finished before the run is in it. */
export function totalsOf({ outcomes, states, running, ended, ifUndecided, plan }: SweepStatus): Totals {
  const runs = new Set(running.map(({ trial }) => trial.id));
  const isNeeded = ({ id }: Trial) =>
    runs.has(id) || ['done', 'failed', 'retryable', 'new'].includes(states.get(id) ?? 'new');
  const totals = new Totals(plan.trials.filter(isNeeded).length, Math.max(1, running.length));
  totals.more = ifUndecided;
  for (const { id } of ended) totals.count(outcomes.get(id)!);
  return totals;
}

export function toRunningTrial({ trial, record }: ClaimedTrial): RunningTrial {
  const { progress = null, lastEpoch = null, retry = 0 } = record ?? {};
  return {
    label: onOneLine(trial.label),
    epochs: trial.params.epochs,
    // Until an epoch's first reading, loss and accuracy are those of the epoch before.
    progress: progress && {
      ...progress,
      loss: progress.loss ?? lastEpoch?.trainLoss ?? null,
      accuracy: progress.accuracy ?? lastEpoch?.trainAccuracy ?? null,
    },
    state: retry === 0 ? 'starting' : `started again, number ${retry}`,
  };
}

export function toClusterTrial({ trial, job, host, progress }: SubmittedTrial): RunningTrial {
  const { label, params } = trial;
  return { label: onOneLine(label), epochs: params.epochs, progress, state: `on ${host}, job ${job}` };
}
