import PQueue from 'p-queue';
import type { Plan, Trial } from '../plan/trial.js';
import type { JournalWriter } from './journal.js';
import type { EpochRecord, TrialOutcome, TrialProgress } from './outcome.js';

/** What happens during a run, for whoever draws it. */
export type RunEvent =
  | { readonly type: 'started'; readonly trial: Trial; readonly slot: number }
  | {
      readonly type: 'progress';
      readonly trial: Trial;
      readonly slot: number;
      readonly progress: TrialProgress;
    }
  | { readonly type: 'epoch'; readonly trial: Trial; readonly slot: number; readonly record: EpochRecord }
  | { readonly type: 'ended'; readonly trial: Trial; readonly slot: number; readonly outcome: TrialOutcome }
  /** It failed and is started again; `retry` from 1. */
  | {
      readonly type: 'retried';
      readonly trial: Trial;
      readonly slot: number;
      readonly outcome: Extract<TrialOutcome, { status: 'failed' }>;
      readonly retry: number;
    }
  | { readonly type: 'interrupted'; readonly trial: Trial; readonly slot: number }
  /** No more trials are started. */
  | { readonly type: 'stopped'; readonly reason: string };

export interface TrialCallbacks {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrialProgress) => void;
  readonly onEpoch: (record: EpochRecord) => void;
}

/** Trains one trial on a slot (0 … concurrency − 1); null when it was interrupted. */
export type Trainer = (trial: Trial, slot: number, callbacks: TrialCallbacks) => Promise<TrialOutcome | null>;

export interface RunOptions {
  readonly plan: Plan;
  /** Outcomes of earlier runs, by trial id. */
  readonly known: ReadonlyMap<string, TrialOutcome>;
  readonly journal: Pick<JournalWriter, 'append'>;
  readonly concurrency: number;
  readonly train: Trainer;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** The trials still to be run: new ones and those whose process failed. In the plan's order. */
export function pendingTrials(plan: Plan, known: ReadonlyMap<string, TrialOutcome>): Trial[] {
  return plan.trials.filter((trial) => {
    const outcome = known.get(trial.id);
    return outcome === undefined || outcome.status === 'failed';
  });
}

/**
 * Runs what is pending. Each outcome is in the journal before its event, that of a failed trial which is then started
 * again too. Where the budget's time or failures are spent, no more are started, and the running ones end. Returns
 * all outcomes by trial id.
 */
export async function runPlan(options: RunOptions): Promise<Map<string, TrialOutcome>> {
  const { plan, known, journal, signal, onEvent } = options;
  const { maxDurationSeconds, maxFailedTrials } = plan.budget;
  const started = performance.now();
  const outcomes = new Map(known);
  const queue = new PQueue({ concurrency: options.concurrency });
  const freeSlots = Array.from({ length: options.concurrency }, (_, slot) => slot);
  signal.addEventListener('abort', () => queue.clear(), { once: true });

  let failed = 0;
  const stop = (reason: string) => {
    queue.clear();
    onEvent({ type: 'stopped', reason });
  };

  /** Until it ends otherwise than by a failure that may be tried again; null when it was interrupted. */
  const trainWithRetries = async (trial: Trial, slot: number): Promise<TrialOutcome | null> => {
    for (let retry = 1; ; retry++) {
      const outcome = await options.train(trial, slot, {
        signal,
        onProgress: (progress) => onEvent({ type: 'progress', trial, slot, progress }),
        onEpoch: (record) => onEvent({ type: 'epoch', trial, slot, record }),
      });
      if (!outcome) return null;
      await journal.append({ version: 1, type: 'outcome', at: new Date().toISOString(), trial, outcome });
      outcomes.set(trial.id, outcome);
      const again = outcome.status === 'failed' && !outcome.timedOut && retry <= plan.maxRetries;
      if (!again || signal.aborted) return outcome;
      onEvent({ type: 'retried', trial, slot, outcome, retry });
    }
  };

  const run = async (trial: Trial): Promise<void> => {
    if (signal.aborted) return;
    const slot = freeSlots.shift()!;
    onEvent({ type: 'started', trial, slot });
    const outcome = await trainWithRetries(trial, slot);
    freeSlots.push(slot);
    freeSlots.sort((a, b) => a - b);
    if (!outcome) {
      onEvent({ type: 'interrupted', trial, slot });
      return;
    }
    onEvent({ type: 'ended', trial, slot, outcome });
    if (outcome.status === 'failed') failed++;
    if (queue.size === 0) return;
    if (maxFailedTrials !== null && failed > maxFailedTrials)
      stop(`${failed} trials failed, more than budget.maxFailedTrials, ${maxFailedTrials}`);
    else if (maxDurationSeconds !== null && (performance.now() - started) / 1000 >= maxDurationSeconds)
      stop(`the run took budget.maxDuration, ${maxDurationSeconds} s`);
  };

  const failures: unknown[] = [];
  for (const trial of pendingTrials(plan, known)) {
    queue
      .add(() => run(trial))
      .catch((error: unknown) => {
        failures.push(error); // the journal cannot be written: start nothing more
        queue.clear();
      });
  }
  await queue.onIdle();
  if (failures.length > 0) throw new Error('The journal cannot be written', { cause: failures[0] });
  return outcomes;
}
