import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { LockOwner } from '../system/process-lock.js';
import type { Plan, Trial } from '../plan/plan.js';
import type { Claim, Ledger } from './ledger.js';
import { isRetryable, type EpochRecord, type FailedOutcome, type TrialOutcome } from '../trial/outcome.js';
import type { TrialProgress, TrialRequest } from '../trial/trial-protocol.js';
import type { Executor } from './executor.js';
import { count } from '../diagnostics/count.js';

/** What happens during a run, for those who draw it. */
export type RunEvent =
  | { readonly type: 'started'; readonly trial: Trial; readonly slot: number }
  | {
      readonly type: 'progress';
      readonly trial: Trial;
      readonly slot: number;
      readonly progress: TrialProgress;
    }
  | { readonly type: 'epoch'; readonly trial: Trial; readonly slot: number; readonly record: EpochRecord }
  /** It is in the hands of a scheduler, which calls it by this name. */
  | { readonly type: 'queued'; readonly trial: Trial; readonly slot: number; readonly job: string }
  | { readonly type: 'ended'; readonly trial: Trial; readonly slot: number; readonly outcome: TrialOutcome }
  /** It failed and is started again; `retry` from 1. */
  | {
      readonly type: 'retried';
      readonly trial: Trial;
      readonly slot: number;
      readonly outcome: FailedOutcome;
      readonly retry: number;
    }
  /** Memory ran out: fewer trials run at a time from now on, and this one is started once more. */
  | {
      readonly type: 'narrowed';
      readonly trial: Trial;
      readonly slot: number;
      readonly outcome: FailedOutcome;
      readonly concurrency: number;
    }
  /** Another process trains it; said once a trial. */
  | { readonly type: 'elsewhere'; readonly trial: Trial; readonly owner: LockOwner }
  /** Another process has trained it. */
  | { readonly type: 'reused'; readonly trial: Trial; readonly outcome: TrialOutcome }
  | { readonly type: 'interrupted'; readonly trial: Trial; readonly slot: number }
  /** It was begun ahead, and a verdict has come that does without it. */
  | { readonly type: 'dropped'; readonly trial: Trial; readonly slot: number }
  /** How many trials this run trains, as far as is known, and how many at most. */
  | { readonly type: 'planned'; readonly trials: number; readonly most: number }
  /** No more trials are started. */
  | { readonly type: 'stopped'; readonly reason: string };

/** The trials that a run is to train, each list in order; those that have ended in it may be among them. */
export interface Demand {
  readonly now: readonly Trial[];
  /** What is wanted next if nothing is decided before, round by round: begun where slots are idle, in whole rounds. */
  readonly ahead: readonly (readonly Trial[])[];
}

export interface RunOptions {
  readonly plan: Pick<Plan, 'budget' | 'maxRetries'>;
  /** Asked at the start, and again whenever trials have ended. @param ended the outcomes of this run, by trial id */
  readonly demand: (ended: ReadonlyMap<string, TrialOutcome>) => Demand;
  readonly ledger: Pick<Ledger, 'take' | 'hasNew' | 'record'>;
  readonly executor: Executor;
  /** What a trial's process gets. */
  readonly requestOf: (trial: Trial) => TrialRequest;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  /** Milliseconds between two looks at trials that other processes train. */
  readonly pollMilliseconds?: number;
}

export interface PendingOptions {
  /** All trials, finished or not. */
  readonly force: boolean;
  /** Also those whose failure another attempt is not thought to change. */
  readonly retryFailed: boolean;
}

/** The trials still to be run: new ones and those whose failure may be tried again. In the plan's order. */
export function pendingTrials(
  plan: Plan,
  known: ReadonlyMap<string, TrialOutcome>,
  { force, retryFailed }: PendingOptions,
): Trial[] {
  return plan.trials.filter(({ id }) => {
    const outcome = known.get(id);
    if (force || outcome === undefined) return true;
    return outcome.status === 'failed' && (retryFailed || isRetryable(outcome));
  });
}

/** So many trials that all fail, with none that ends otherwise, are not the trials' fault. */
const hopelessFailures = 3;

/**
 * Runs what is demanded. Each outcome is on the disk before its event, that of a failed trial which is then started again
 * too. Where the budget's time or failures are spent, or nothing but failures comes, no more are started, and the
 * running ones end. What another process trains is waited for, and trained here where that process is gone. A trial that
 * was begun ahead and is not wanted any more is ended.
 * @throws what the ledger throws: outcomes cannot be kept, so no more trials are started
 */
export async function runPlan(options: RunOptions): Promise<void> {
  const { plan, demand, ledger, executor, requestOf, signal, onEvent, pollMilliseconds = 1000 } = options;
  const { maxDurationSeconds, maxFailedTrials } = plan.budget;
  const started = performance.now();
  const queue = new PQueue({ concurrency: executor.slots });
  const freeSlots = Array.from({ length: executor.slots }, (_, slot) => slot);
  const retiredSlots = new Set<number>(); // their memory ran out: on the other GPUs nothing has changed
  signal.addEventListener('abort', () => queue.clear(), { once: true });

  const elsewhere = new Map<Trial, boolean>(); // to be looked at again: whether its memory ran out before
  const announced = new Set<Trial>();
  const failures: unknown[] = [];
  let failed = 0;
  let succeeded = 0;
  let stopped = false;

  const stop = (reason: string) => {
    if (stopped) return;
    stopped = true;
    onEvent({ type: 'stopped', reason });
    queue.clear();
    executor.withdraw?.();
  };

  const ended = new Map<string, TrialOutcome>();
  const enqueued = new Set<string>();
  let active = 0; // attempts that have begun and still have their slot
  let isLookedAt = false; // what is elsewhere, since an attempt here has changed anything
  const dropping = new Map<string, AbortController>(); // of the trials that run
  const waiting = new Set<string>(); // of these, those that a scheduler has, and of which nothing was heard
  let wanted: ReadonlySet<string> = new Set();
  let last: Demand | null = null;

  /** Enqueues what is wanted now, and whole rounds ahead while slots are idle; ends what is not wanted any more. */
  const refill = () => {
    if (stopped || signal.aborted || failures.length > 0) return;
    const latest = demand(ended);
    const { now, ahead } = latest;
    const isNew = latest !== last;
    last = latest;
    if (isNew) {
      wanted = new Set([now, ...ahead].flatMap((trials) => trials.map(({ id }) => id)));
      for (const [id, controller] of dropping) if (!wanted.has(id)) controller.abort();
      for (const trial of elsewhere.keys()) if (!wanted.has(trial.id)) elsewhere.delete(trial);
    }
    for (const trials of [now, ...ahead]) {
      const isIdle = queue.size + active < queue.concurrency;
      const isBegun = trials.every(({ id }) => enqueued.has(id));
      if (trials !== now && !isBegun) {
        if (!isIdle) break;
        if (elsewhere.size > 0 && !isLookedAt) {
          lookElsewhere(); // it may have ended, and do without this round
          break;
        }
      }
      for (const trial of trials) if (!enqueued.has(trial.id)) enqueue(trial);
    }
    if (!isNew) return;
    const counted = new Set([...wanted, ...ended.keys(), ...dropping.keys()]); // what was ahead in vain, too
    const trials = [...counted].filter((id) => enqueued.has(id)).length;
    onEvent({ type: 'planned', trials, most: counted.size });
  };

  /** What other processes were training is taken where it can be, or waited for again. */
  const lookElsewhere = () => {
    isLookedAt = true;
    const again = [...elsewhere];
    elsewhere.clear();
    for (const [trial, narrowed] of again) enqueue(trial, narrowed);
  };

  const enqueue = (trial: Trial, narrowed = false) => {
    enqueued.add(trial.id);
    const attempt = async () => {
      active++;
      try {
        await run(trial, narrowed).finally(() => active--);
        if (!elsewhere.has(trial)) isLookedAt = false;
        refill();
      } catch (error) {
        failures.push(error);
        queue.clear();
      }
    };
    void queue.add(attempt, { priority: narrowed ? 1 : 0 });
  };

  const run = async (trial: Trial, narrowed: boolean): Promise<void> => {
    if (signal.aborted || !wanted.has(trial.id)) return;
    const taken = await ledger.take(trial);
    switch (taken.type) {
      case 'elsewhere':
        if (!announced.has(trial)) onEvent({ type: 'elsewhere', trial, owner: taken.owner });
        announced.add(trial);
        elsewhere.set(trial, narrowed);
        return;
      case 'ended':
        onEvent({ type: 'reused', trial, outcome: taken.outcome });
        ended.set(trial.id, taken.outcome);
        return;
      case 'claimed': {
        if (!wanted.has(trial.id)) return taken.claim.release(); // a verdict came while it was claimed
        const slot = freeSlots.shift()!;
        try {
          await trainClaimed(trial, slot, taken.claim, narrowed);
        } finally {
          dropping.delete(trial.id);
          if (!retiredSlots.has(slot)) freeSlots.push(slot);
          freeSlots.sort((a, b) => a - b);
          await taken.claim.release();
        }
      }
    }
  };

  const trainClaimed = async (trial: Trial, slot: number, claim: Claim, narrowed: boolean): Promise<void> => {
    onEvent({ type: 'started', trial, slot });
    const drop = new AbortController();
    dropping.set(trial.id, drop);
    const ending = AbortSignal.any([signal, drop.signal]);
    for (let retry = 1; ; retry++) {
      const { concurrency } = queue;
      const outcome = await executor.run(requestOf(trial), {
        slot,
        signal: ending,
        isRecorded: () => ledger.hasNew(trial),
        onProgress: (progress) => {
          waiting.delete(trial.id);
          onEvent({ type: 'progress', trial, slot, progress });
        },
        onEpoch: (record) => {
          waiting.delete(trial.id);
          onEvent({ type: 'epoch', trial, slot, record });
        },
        onQueued: (job) => {
          waiting.add(trial.id);
          onEvent({ type: 'queued', trial, slot, job });
        },
      });
      waiting.delete(trial.id);
      if (!outcome) {
        const isDropped = drop.signal.aborted && !signal.aborted;
        return onEvent({ type: isDropped ? 'dropped' : 'interrupted', trial, slot });
      }
      if (!(await ledger.record(trial, outcome, claim))) {
        elsewhere.set(trial, narrowed);
        return onEvent({ type: 'interrupted', trial, slot });
      }
      if (outcome.status === 'failed' && !ending.aborted && !stopped) {
        if (outcome.failure === 'outOfMemory') {
          // Of two that had no memory together, the second is not refused for what the first has changed.
          if (!narrowed && concurrency > 1) {
            if (queue.concurrency >= concurrency) {
              queue.concurrency = concurrency - 1;
              retiredSlots.add(slot);
            }
            onEvent({ type: 'narrowed', trial, slot, outcome, concurrency: queue.concurrency });
            return enqueue(trial, true);
          }
        } else if (isRetryable(outcome) && retry <= plan.maxRetries) {
          onEvent({ type: 'retried', trial, slot, outcome, retry });
          continue;
        }
      }
      onEvent({ type: 'ended', trial, slot, outcome });
      ended.set(trial.id, outcome);
      return checkLimits(outcome);
    }
  };

  /** Whether trials are wanted that have not begun. */
  const isAnyLeft = (): boolean => {
    const { now, ahead } = demand(ended);
    const hasBegun = ({ id }: Trial) => ended.has(id) || (dropping.has(id) && !waiting.has(id));
    return [now, ...ahead].some((trials) => !trials.every(hasBegun));
  };

  const checkLimits = (outcome: TrialOutcome): void => {
    if (outcome.status === 'failed') failed++;
    else succeeded++;
    if (!isAnyLeft()) return; // there is nothing to stop
    if (maxFailedTrials !== null && failed > maxFailedTrials)
      stop(`${count(failed, 'trial')} failed, more than budget.maxFailedTrials, ${maxFailedTrials}`);
    else if (outcome.status === 'failed' && succeeded === 0 && failed >= hopelessFailures)
      stop(`all of the first ${count(failed, 'trial')} failed, the last because ${outcome.cause}`);
    else checkDuration();
  };

  const checkDuration = (): void => {
    if (maxDurationSeconds !== null && (performance.now() - started) / 1000 >= maxDurationSeconds)
      stop(`the run took budget.maxDuration, ${maxDurationSeconds} s`);
  };

  // What a scheduler has in its queue begins without being asked, so the time is looked at when it is over.
  const longestTimer = 2 ** 31 - 1; // milliseconds
  const timer =
    executor.withdraw &&
    maxDurationSeconds !== null &&
    setTimeout(() => isAnyLeft() && checkDuration(), Math.min(maxDurationSeconds * 1000 + 5, longestTimer));
  refill();
  for (;;) {
    await queue.onIdle();
    if (elsewhere.size > 0) checkDuration();
    if (elsewhere.size === 0 || failures.length > 0 || stopped || signal.aborted) break;
    await sleep(pollMilliseconds, undefined, { signal }).catch(() => {});
    lookElsewhere();
    refill();
  }
  if (timer) clearTimeout(timer);
  if (failures.length > 0) throw failures[0];
}
