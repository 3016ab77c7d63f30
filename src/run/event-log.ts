/**
 * `events.jsonl`: what happens in the runs of an experiment, for users' own tools; docs/events.md has it field by field.
 * Nothing in this program reads it, and it is not flushed: what a crash of the machine takes from it is in the journal.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { Trial } from '../plan/plan.js';
import type { TrialOutcome } from '../trial/outcome.js';
import type { RunEvent } from './run-plan.js';

/** Raised when a field changes its meaning or goes; new types and new fields do not raise it. */
export const eventsVersion = 1;

export type RunEnd = 'finished' | 'interrupted' | 'error';

const newline = 0x0a;

/** One run's events, appended. A disk that refuses them costs a warning, once, and never the run. */
export class EventLog {
  readonly #run = randomUUID().slice(0, 8);
  #last: Promise<void> = Promise.resolve();
  #hasWarned = false;
  #file: Awaited<ReturnType<typeof open>> | null = null;
  /** The file ends within a line. */
  #torn = false;

  /** Several processes may append to one file. The folder above it is created. */
  constructor(
    private readonly path: string,
    private readonly onWarning: (line: string) => void,
  ) {
    this.#enqueue(() => this.#open());
  }

  begin(experiment: string, trials: number, slots: number): void {
    this.#append('run-started', { experiment, trials, slots, pid: process.pid, host: hostname() });
  }

  show(event: RunEvent): void {
    const fields = fieldsOf(event);
    if (fields) this.#append(nameOf(event), fields);
  }

  /** Waits until all is written. */
  async end(how: RunEnd): Promise<void> {
    this.#append('run-ended', { how });
    this.#enqueue(async () => this.#file?.close());
    await this.#last;
  }

  #append(type: string, fields: object): void {
    const at = new Date().toISOString();
    const line = JSON.stringify({ version: eventsVersion, at, run: this.#run, type, ...fields });
    this.#enqueue(() => this.#write(line));
  }

  #enqueue(write: () => Promise<void>): void {
    this.#last = this.#last.then(write).catch((error: Error) => {
      if (!this.#hasWarned) this.onWarning(`${this.path}: events are missing in it, ${error.message}`);
      this.#hasWarned = true;
    });
  }

  async #open(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    this.#file = await open(this.path, 'a+');
    const { size } = await this.#file.stat();
    const last = size === 0 ? null : await this.#file.read(Buffer.alloc(1), 0, 1, size - 1);
    this.#torn = last !== null && last.buffer[0] !== newline;
  }

  async #write(line: string): Promise<void> {
    if (this.#file === null) return;
    const bytes = Buffer.from(`${this.#torn ? '\n' : ''}${line}\n`);
    const { bytesWritten } = await this.#file.write(bytes);
    // On a full disk a part of it may be there.
    this.#torn = bytesWritten > 0 ? bytesWritten < bytes.length : this.#torn;
    if (bytesWritten < bytes.length) throw new Error('no space left on device');
  }
}

/** Those of a run begin with `run-`, those of a trial with `trial-`. */
function nameOf({ type }: RunEvent): string {
  return type === 'planned' || type === 'stopped' ? `run-${type}` : `trial-${type}`;
}

/** Null: not told here. */
function fieldsOf(event: RunEvent): object | null {
  switch (event.type) {
    case 'started':
      return {
        ...whichOf(event.trial),
        seed: event.trial.seed,
        epochs: event.trial.params.epochs,
        slot: event.slot,
      };
    case 'progress':
      return null; // several a second; progress.json in the trial's claim has it
    case 'epoch':
      return { ...whichOf(event.trial), epochs: event.trial.params.epochs, ...event.record };
    case 'ended':
    case 'reused':
      return { ...whichOf(event.trial), ...describeEnd(event.outcome) };
    case 'retried':
      return { ...whichOf(event.trial), ...describeEnd(event.outcome), retry: event.retry };
    case 'narrowed':
      return { ...whichOf(event.trial), ...describeEnd(event.outcome), slots: event.concurrency };
    case 'elsewhere':
      return { ...whichOf(event.trial), pid: event.owner.pid };
    case 'queued':
      return { ...whichOf(event.trial), job: event.job };
    case 'interrupted':
    case 'dropped':
      return whichOf(event.trial);
    case 'planned':
      return { trials: event.trials, most: event.most };
    case 'stopped':
      return { reason: event.reason };
  }
}

const whichOf = ({ id, label }: Trial) => ({ trial: id, label });

/** Without the epochs, which have events of their own, and the bits of the test images, which the journal has. */
function describeEnd(outcome: TrialOutcome): object {
  switch (outcome.status) {
    case 'failed': {
      const { status, failure, cause, logFile } = outcome;
      return { status, failure, cause, logFile };
    }
    case 'completed':
    case 'diverged': {
      const { status, epochs, trainSeconds, peakBytes, parameters, engine } = outcome;
      const where = outcome.status === 'diverged' ? { epoch: outcome.epoch, step: outcome.step } : {};
      return { status, ...where, epochsTrained: epochs.length, trainSeconds, peakBytes, parameters, engine };
    }
  }
}
