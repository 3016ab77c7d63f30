import { createHash } from 'node:crypto';
import { RunnerError } from '../diagnostics/runner-error.js';
import type { Trial } from '../plan/plan.js';
import { isEpochs, isTests, type TrialOutcome } from '../trial/outcome.js';
import { arePredictions } from '../trial/predictions.js';

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

/** Figures of comparisons were shown: a number of seeds that is fixed after this was not fixed beforehand. */
export interface LookRecord {
  readonly version: 2;
  readonly type: 'look';
  readonly at: string;
  /** The seeds that the file had fixed then; null where its verdicts hold at any look. */
  readonly fixed: readonly number[] | null;
  /** Which comparisons were shown (`comparisonKey`), by the seeds that their figures rested on. */
  readonly shown: readonly { readonly seeds: readonly number[]; readonly comparisons: readonly string[] }[];
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
  | LookRecord
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
  if (!isFields(record)) return null;
  const { version } = record;
  if (typeof version === 'number' && version > journalVersion)
    throw new RunnerError([{ kind: 'environment', reason: 'journal-newer', path, version }]);
  if (check === undefined) return version === 1 ? toRecord(upgrade(record)) : null;
  return version === journalVersion ? toRecord(record) : null;
}

/** Whether the trial needs no more training: it has its numbers, or its divergence. */
export function isFinished(outcome: TrialOutcome | undefined): boolean {
  return outcome !== undefined && outcome.status !== 'failed';
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Version 1: no context, no experiment; a failure said only whether it took too long. */
function upgrade(record: Fields): Fields {
  const { trial, outcome } = record;
  const upgraded = { ...record, version: journalVersion };
  if (!isFields(trial) || !isFields(outcome)) return upgraded;
  const { timedOut, ...rest } = outcome;
  const failure = timedOut === true ? 'timeout' : 'crash';
  return {
    ...upgraded,
    experiment: null,
    trial: { ...trial, context: null },
    outcome: outcome.status === 'failed' ? { ...rest, failure } : outcome,
  };
}

/** Null where fields are missing or of another kind: someone else made the checksum, or it is of version 1. */
function toRecord(record: Fields): JournalRecord | null {
  const { type, at, environment, experiment, trial, outcome } = record;
  const isWhole =
    typeof at === 'string' &&
    (type === 'torn' ||
      (type === 'look' && isLook(record)) ||
      (type === 'environment' && isFields(environment) && isShallow(environment)) ||
      (type === 'outcome' &&
        (experiment === null || typeof experiment === 'string') &&
        isFields(trial) &&
        isTrial(trial) &&
        isFields(outcome) &&
        isOutcome(outcome)));
  return isWhole ? (record as unknown as JournalRecord) : null;
}

function isLook({ fixed, shown }: Fields): boolean {
  const areSeeds = (value: unknown) => isListOf(value, (seed) => Number.isSafeInteger(seed));
  const isGroup = (group: unknown) =>
    isFields(group) && areSeeds(group.seeds) && isListOf(group.comparisons, (key) => typeof key === 'string');
  return (fixed === null || areSeeds(fixed)) && isListOf(shown, isGroup);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isTrial({ id, label, seed, params, data, context }: Fields): boolean {
  if (typeof id !== 'string' || typeof label !== 'string' || !Number.isFinite(seed)) return false;
  return isFields(params) && isShallow([params, data]) && (context === null || isContext(context));
}

function isContext(context: unknown): boolean {
  if (!isFields(context)) return false;
  const { trainerVersion, dataSha256, weightsSha256, engineFamily } = context;
  return (
    typeof trainerVersion === 'number' &&
    typeof dataSha256 === 'string' &&
    (weightsSha256 === null || typeof weightsSha256 === 'string') &&
    typeof engineFamily === 'string'
  );
}

function isOutcome(outcome: Fields): boolean {
  const areNumbers = (...names: string[]) => names.every((name) => Number.isFinite(outcome[name]));
  const areTexts = (...names: string[]) => names.every((name) => typeof outcome[name] === 'string');
  const { status, epochs, tests, predictions } = outcome;
  if (status === 'failed') return areTexts('failure', 'cause', 'logFile');
  if (status !== 'completed' && status !== 'diverged') return false;
  if (!isEpochs(epochs) || !areNumbers('parameters', 'trainSeconds', 'peakBytes')) return false;
  if (tests !== undefined && !isTests(tests, epochs)) return false;
  if (predictions !== undefined && !arePredictions(predictions)) return false;
  return areTexts('engine') && (status === 'completed' ? epochs.length > 0 : areNumbers('epoch', 'step'));
}

/** Values as this program writes them, at most five levels deep; deeper ones could overflow the stack of who reads them. */
function isShallow(value: unknown, levels = 8): boolean {
  if (typeof value === 'number') return Number.isFinite(value); // 1e999 is read as Infinity
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => isShallow(child, levels - 1));
}
