import { ProcessLock, type LockOwner } from '../system/process-lock.js';
import type { Trial } from '../plan/plan.js';
import type { JournalWriter } from './journal.js';
import { isFinished, journalVersion, type OutcomeRecord } from './journal-record.js';
import type { TrialOutcome } from '../trial/outcome.js';
import type { TrialStore } from './trial-store.js';

/** What a run is answered that wants to train a trial. */
export type Taken =
  | { readonly type: 'claimed'; readonly claim: Claim }
  /** Another process trains it. */
  | { readonly type: 'elsewhere'; readonly owner: LockOwner }
  /** Another process has trained it since this run began. */
  | { readonly type: 'ended'; readonly outcome: TrialOutcome };

export type Claim = Pick<ProcessLock, 'release' | 'isHeld'>;

/**
 * The stored numbers of a plan's trials that its journal lacks: other experiments trained them, or a run that was killed
 * before its journal had them.
 */
export function findLacking(
  trials: readonly Trial[],
  outcomes: ReadonlyMap<string, TrialOutcome>,
  stored: ReadonlyMap<string, OutcomeRecord>,
): OutcomeRecord[] {
  return trials.flatMap((trial) => {
    const record = stored.get(trial.id);
    return record && lacksNumbers(outcomes, record) ? [{ ...record, trial }] : []; // labelled as this plan does
  });
}

function lacksNumbers(
  outcomes: ReadonlyMap<string, TrialOutcome>,
  { trial, outcome }: OutcomeRecord,
): boolean {
  return isFinished(outcome) && !isFinished(outcomes.get(trial.id));
}

/**
 * One run's account of outcomes: the experiment's journal, and the store that it shares with other runs and other
 * experiments. The store is written first: what a crash, or a file system that mixes up the appends of two hosts,
 * keeps from the journal is found there by the next run.
 */
export class Ledger {
  readonly #records = new Map<string, OutcomeRecord>();
  /** When the store's record of a trial was made, as this run knows it. */
  readonly #seen: Map<string, string>;

  /** `stored`: what the store held when the run began, by trial id. */
  constructor(
    private readonly experiment: string,
    private readonly journal: Pick<JournalWriter, 'append'>,
    private readonly store: Pick<TrialStore, 'claim' | 'read' | 'write'>,
    stored: ReadonlyMap<string, OutcomeRecord>,
  ) {
    this.#seen = new Map([...stored].map(([id, { at }]) => [id, at]));
  }

  async take(trial: Trial): Promise<Taken> {
    const claim = await this.store.claim(trial.id);
    if (!(claim instanceof ProcessLock)) return { type: 'elsewhere', owner: claim };
    const stored = await this.#readNew(trial);
    if (!stored) return { type: 'claimed', claim };
    await claim.release();
    this.#remember({ ...stored, trial });
    return { type: 'ended', outcome: stored.outcome };
  }

  /** Whether the store has a record of the trial that this run does not know. */
  async hasNew(trial: Trial): Promise<boolean> {
    return (await this.#readNew(trial)) !== null;
  }

  /** Puts an outcome on the disk. False where the trial was taken over meanwhile: the outcome is dropped. */
  async record(trial: Trial, outcome: TrialOutcome, claim: Claim): Promise<boolean> {
    if (!(await claim.isHeld())) return false;
    const at = new Date().toISOString();
    const { experiment } = this;
    const record = { version: journalVersion, type: 'outcome', at, experiment, trial, outcome } as const;
    await this.store.write(record);
    await this.journal.append(record);
    this.#remember(record);
    return true;
  }

  /** The outcomes that this run knows of and the journal, as just read, lacks. */
  lackedBy(outcomes: ReadonlyMap<string, TrialOutcome>): OutcomeRecord[] {
    return [...this.#records.values()].filter(
      (record) => !outcomes.has(record.trial.id) || lacksNumbers(outcomes, record),
    );
  }

  async #readNew({ id }: Trial): Promise<OutcomeRecord | null> {
    const stored = await this.store.read(id);
    return stored?.at === this.#seen.get(id) ? null : stored;
  }

  #remember(record: OutcomeRecord): void {
    this.#records.set(record.trial.id, record);
    this.#seen.set(record.trial.id, record.at);
  }
}
