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
  | { readonly type: 'interrupted'; readonly trial: Trial; readonly slot: number };

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

/** Runs what is pending. Each outcome is in the journal before its event. Returns all outcomes by trial id. */
export async function runPlan(options: RunOptions): Promise<Map<string, TrialOutcome>> {
  const { plan, known, journal, signal, onEvent } = options;
  const outcomes = new Map(known);
  const queue = new PQueue({ concurrency: options.concurrency });
  const freeSlots = Array.from({ length: options.concurrency }, (_, slot) => slot);
  signal.addEventListener('abort', () => queue.clear(), { once: true });

  const run = async (trial: Trial): Promise<void> => {
    if (signal.aborted) return;
    const slot = freeSlots.shift()!;
    onEvent({ type: 'started', trial, slot });
    const outcome = await options.train(trial, slot, {
      signal,
      onProgress: (progress) => onEvent({ type: 'progress', trial, slot, progress }),
      onEpoch: (record) => onEvent({ type: 'epoch', trial, slot, record }),
    });
    freeSlots.push(slot);
    freeSlots.sort((a, b) => a - b);
    if (!outcome) {
      onEvent({ type: 'interrupted', trial, slot });
      return;
    }
    await journal.append({ version: 1, type: 'outcome', at: new Date().toISOString(), trial, outcome });
    outcomes.set(trial.id, outcome);
    onEvent({ type: 'ended', trial, slot, outcome });
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
