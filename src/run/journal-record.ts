import { createHash } from 'node:crypto';
import { RunnerError } from '../diagnostics/runner-error.js';
import type { Trial } from '../plan/trial.js';
import type { TrialOutcome } from '../run/outcome.js';

/** Versions, engine, device, commit: what environment.json shows. */
export type Environment = Readonly<Record<string, unknown>>;

/** A trial as it was recorded. Journals of version 1 do not say in what context. */
export type RecordedTrial = Omit<Trial, 'context'> & { readonly context: Trial['context'] | null };

export interface OutcomeRecord {
  readonly version: 2;
  readonly type: 'outcome';
  readonly at: string;
  /** Name of the experiment whose run trained it; null in a journal of version 1. */
  readonly experiment: string | null;
  readonly trial: RecordedTrial;
  readonly outcome: TrialOutcome;
}

/** One line of journal.jsonl. */
export type JournalRecord =
  | OutcomeRecord
  | {
      readonly version: 2;
      readonly type: 'environment';
      readonly at: string;
      readonly environment: Environment;
    }
  /** The line before this one was left unfinished by a process that ended: it is no damage. */
  | { readonly version: 2; readonly type: 'torn'; readonly at: string };

export const journalVersion = 2;

/** A record as one line, without its newline: JSON that begins with a checksum over the rest of itself. */
export function encodeRecord(record: JournalRecord): string {
  const body = JSON.stringify(record);
  return `{"check":"${checksum(body)}",${body.slice(1)}`;
}

/**
 * Reads a line of this version or of version 1, which had no checksum.
 * @returns null for a damaged line
 * @throws RunnerError `journal-newer`; `path` is for people
 */
export function decodeRecord(line: string, path: string): JournalRecord | null {
  const [prefix, check] = /^\{"check":"([0-9a-f]{16})",/.exec(line) ?? [];
  const body = prefix === undefined ? line : `{${line.slice(prefix.length)}`;
  if (check !== undefined && checksum(body) !== check) return null;
  let record: unknown;
  try {
    record = JSON.parse(body);
  } catch {
    return null;
  }
  const version: unknown = isObject(record) ? record.version : undefined;
  if (typeof version === 'number' && version > journalVersion)
    throw new RunnerError([{ kind: 'environment', reason: 'journal-newer', path, version }]);
  if (check !== undefined) return record as JournalRecord;
  return version === 1 ? upgrade(record as Readonly<Record<string, unknown>>) : null;
}

/** Whether the trial needs no more training: it has its numbers, or its divergence. */
export function isFinished(outcome: TrialOutcome | undefined): boolean {
  return outcome !== undefined && outcome.status !== 'failed';
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Version 1: no context, no experiment; a failure said only whether it took too long. */
function upgrade(record: Readonly<Record<string, unknown>>): JournalRecord | null {
  const { type, at, environment, trial, outcome } = record;
  if (typeof at !== 'string') return null;
  if (type === 'environment')
    return isObject(environment) ? { version: journalVersion, type, at, environment } : null;
  if (type !== 'outcome' || !isObject(trial) || !isObject(outcome)) return null;
  if (typeof trial.id !== 'string' || !isObject(trial.params) || typeof trial.seed !== 'number') return null;
  const upgraded = upgradeOutcome(outcome);
  return (
    upgraded && {
      version: journalVersion,
      type,
      at,
      experiment: null,
      trial: { ...(trial as unknown as Trial), context: null },
      outcome: upgraded,
    }
  );
}

const measures = ['epoch', 'trainLoss', 'trainAccuracy', 'valLoss', 'valAccuracy', 'seconds'];

function upgradeOutcome(outcome: Readonly<Record<string, unknown>>): TrialOutcome | null {
  const { status, epochs, cause, logFile, timedOut } = outcome;
  if (status === 'failed') {
    if (typeof cause !== 'string' || typeof logFile !== 'string') return null;
    return { status, failure: timedOut === true ? 'timeout' : 'crash', cause, logFile };
  }
  if (status !== 'completed' && status !== 'diverged') return null;
  const numbers = (of: unknown, names: readonly string[]) =>
    isObject(of) && names.every((name) => typeof of[name] === 'number');
  const whole =
    Array.isArray(epochs) &&
    epochs.every((epoch) => numbers(epoch, measures)) &&
    numbers(outcome, ['parameters', 'trainSeconds', 'peakBytes']) &&
    (status === 'completed' ? epochs.length > 0 : numbers(outcome, ['epoch', 'step']));
  return whole ? (outcome as unknown as TrialOutcome) : null;
}
