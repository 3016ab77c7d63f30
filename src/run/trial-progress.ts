/**
 * How far a trial is that runs: `progress.json` in its claim. It has one writer, the process that holds the claim, and
 * goes with it. It is for those who watch: nothing depends on it, and a disk that refuses it costs nothing else.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isEpochs, type EpochRecord } from '../trial/outcome.js';
import type { TrialProgress } from '../trial/trial-protocol.js';
import type { RunEvent } from './run-plan.js';

/** The content of progress.json; docs/events.md has it field by field. */
export interface ProgressRecord {
  readonly version: 1;
  /** Name of the experiment whose run trains it. */
  readonly experiment: string;
  /** When this attempt began. */
  readonly startedAt: string;
  /** When this was written. */
  readonly at: string;
  /** Of this run, from 1; 0 for the first attempt. */
  readonly retry: number;
  /** Null until the trial's process reports. */
  readonly progress: TrialProgress | null;
  /** The last epoch that this attempt has ended; null before the first. */
  readonly lastEpoch: EpochRecord | null;
}

const interval = 1000; // milliseconds between two writings for a trial

const pathIn = (claim: string): string => join(claim, 'progress.json');

/** Writes the progress of a run's trials, at most once a second for each. */
export class ProgressWriter {
  readonly #records = new Map<string, ProgressRecord>();
  readonly #written = new Map<string, number>();

  /** @param claimPath of a trial that this process has claimed */
  constructor(
    private readonly experiment: string,
    private readonly claimPath: (trialId: string) => string,
  ) {}

  show(event: RunEvent): void {
    switch (event.type) {
      case 'started':
        return this.#begin(event.trial.id, 0);
      case 'retried':
        return this.#begin(event.trial.id, event.retry);
      case 'progress':
        return this.#update(event.trial.id, { progress: event.progress });
      case 'epoch':
        return this.#update(event.trial.id, { lastEpoch: event.record });
      case 'ended':
      case 'narrowed':
      case 'interrupted':
      case 'dropped':
        this.#records.delete(event.trial.id);
        this.#written.delete(event.trial.id);
        return;
      case 'queued':
      case 'elsewhere':
      case 'reused':
      case 'planned':
      case 'stopped':
        return;
    }
  }

  #begin(id: string, retry: number): void {
    const at = new Date().toISOString();
    const { experiment } = this;
    const begun = {
      version: 1,
      experiment,
      startedAt: at,
      at,
      retry,
      progress: null,
      lastEpoch: null,
    } as const;
    this.#records.set(id, begun);
    this.#write(id, begun);
  }

  #update(id: string, change: Partial<ProgressRecord>): void {
    const before = this.#records.get(id);
    if (!before) return;
    const record = { ...before, ...change, at: new Date().toISOString() };
    this.#records.set(id, record);
    if (performance.now() - (this.#written.get(id) ?? -Infinity) >= interval) this.#write(id, record);
  }

  /** At once, so that nothing is being written when the claim is released. It takes 0.16 ms of processor time. */
  #write(id: string, record: ProgressRecord): void {
    this.#written.set(id, performance.now());
    const path = pathIn(this.claimPath(id));
    try {
      writeFileSync(`${path}.tmp`, `${JSON.stringify(record)}\n`);
      renameSync(`${path}.tmp`, path);
    } catch {
      // The disk is full, or another host has taken the trial over.
    }
  }
}

/** Null where there is none, or one that was not written as a whole: a crash of the machine may leave that. */
export async function readProgress(claim: string): Promise<ProgressRecord | null> {
  const text = await readFile(pathIn(claim), 'utf8').catch(() => '');
  try {
    const record = JSON.parse(text) as ProgressRecord;
    return isProgressRecord(record) ? record : null;
  } catch {
    return null;
  }
}

function isProgressRecord(value: Partial<ProgressRecord> | null): value is ProgressRecord {
  const { version, experiment, startedAt, at, retry, progress, lastEpoch } = value ?? {};
  return (
    version === 1 &&
    [experiment, startedAt, at].every((text) => typeof text === 'string') &&
    Number.isSafeInteger(retry) &&
    (progress === null || isProgress(progress)) &&
    (lastEpoch === null || isEpochs([lastEpoch]))
  );
}

function isProgress({ epoch, step, stepsPerEpoch, ...figures }: Partial<TrialProgress> = {}): boolean {
  const { loss, accuracy, secondsLeft } = figures;
  const areCounts = [epoch, step, stepsPerEpoch].every((value) => Number.isSafeInteger(value));
  return (
    areCounts && [loss, accuracy, secondsLeft].every((value) => value === null || Number.isFinite(value))
  );
}
