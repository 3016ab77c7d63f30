import type { ClaimedTrial } from '../../run/claimed-trials.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import { workOf } from './board-lines.js';
import { totalsOf, toRunningTrial, type SweepStatus } from './sweep-status.js';

/**
 * A sweep at one moment for programs, ready for JSON.
 * @param directory of its results
 */
export function statusToJson(status: SweepStatus, directory: string) {
  const { plan, outcomes, running, submitted, abandoned, ended, left, ifUndecided } = status;
  const totals = totalsOf(status);
  return {
    name: plan.name,
    directory,
    /** `submitted`: a cluster has trials that no process follows; `stopped`: trials are left, and nothing trains. */
    state: stateOf(status),
    counts: {
      trials: totals.trials,
      ifUndecided,
      completed: ended.length - totals.failed - totals.diverged,
      diverged: totals.diverged,
      failed: totals.failed,
      running: running.length,
      submitted: submitted.length,
      left: left.length,
    },
    /** Of all that is left; null where nothing trains, or nothing has been timed yet. */
    secondsLeft: running.length > 0 ? totals.secondsLeft(workOf(running.map(toRunningTrial))) : null,
    running: running.map(claimedToJson),
    submitted: submitted.map(({ trial, job, host, progress, stuckBy }) => ({
      trial: trial.id,
      label: trial.label,
      job,
      host,
      progress,
      stuckBy,
    })),
    abandoned: abandoned.map(claimedToJson),
    left: left.map(({ id, label }) => ({ trial: id, label })),
    withoutResult: ended.flatMap(({ id, label }) => {
      const outcome = outcomes.get(id)!;
      return outcome.status === 'completed' ? [] : [{ trial: id, label, ...missToJson(outcome) }];
    }),
  };
}

function stateOf({ running, submitted, left }: SweepStatus): 'training' | 'submitted' | 'stopped' | 'done' {
  if (running.length > 0) return 'training';
  if (submitted.length > 0) return 'submitted';
  return left.length > 0 ? 'stopped' : 'done';
}

function claimedToJson({ trial, claim, record }: ClaimedTrial) {
  return {
    trial: trial.id,
    label: trial.label,
    seed: trial.seed,
    epochs: trial.params.epochs,
    pid: claim.owner.pid,
    isOnThisHost: claim.isHere,
    experiment: record?.experiment ?? null,
    startedAt: record?.startedAt ?? null,
    at: record?.at ?? null,
    retry: record?.retry ?? null,
    progress: record?.progress ?? null,
    lastEpoch: record?.lastEpoch ?? null,
  };
}

type Miss = Exclude<TrialOutcome, { status: 'completed' }>;

function missToJson(outcome: Miss): object {
  const { status } = outcome;
  if (status === 'diverged') return { status, epoch: outcome.epoch, step: outcome.step };
  return { status, failure: outcome.failure, cause: outcome.cause, logFile: outcome.logFile };
}
