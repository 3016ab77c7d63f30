import { join } from 'node:path';
import { defaultDataset } from '../data/datasets.js';
import { peekWeightsSha256 } from '../model/mobilenet-v1/weights-file.js';
import { expandPlan } from '../plan/expand-plan.js';
import type { TrialState } from '../plan/trial-state.js';
import type { Plan, Trial } from '../plan/plan.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { isStorageError } from '../system/storage-error.js';
import { checkResultsFolder } from '../run/check-results-folder.js';
import { readJournal, type JournalContent } from '../run/journal.js';
import { isFinished, type OutcomeRecord } from '../run/journal-record.js';
import { findLacking } from '../run/ledger.js';
import { logsFolder } from '../run/log-file.js';
import { isRetryable, type TrialOutcome } from '../trial/outcome.js';
import { TrialStore } from '../run/trial-store.js';
import { loadSpec } from '../spec/load-spec.js';
import type { Arguments } from './arguments.js';

/** Numbers of one engine family are compared, others are not. */
export const engineFamily = 'tensorflow';

/** Loads and expands a file. @throws RunnerError with all its problems */
export async function loadPlan(file: string, args: Arguments): Promise<Plan> {
  const spec = await loadSpec(file, args.overrides);
  return expandPlan(spec, {
    dataset: defaultDataset,
    engineFamily,
    weightsSha256: (alpha, resolution) => peekWeightsSha256(args.weightsDir, alpha, resolution),
  });
}

export interface Results {
  readonly directory: string;
  readonly journalPath: string;
  readonly journal: JournalContent;
  /** What the experiments of the results folder share. */
  readonly store: TrialStore;
}

/**
 * Finds and reads what earlier runs of the experiment left; warns of damage on standard error.
 * @throws RunnerError `results-outside`, `results-unreadable`, `journal-newer`
 */
export async function readResults(plan: Plan, args: Arguments): Promise<Results> {
  const directory = join(args.resultsDir, plan.name);
  const journalPath = join(directory, 'journal.jsonl');
  const store = new TrialStore(args.resultsDir);
  const written = [directory, journalPath, logsFolder(directory), store.directory, store.claimsDirectory];
  for (const path of written) await checkResultsFolder(args.resultsDir, path);
  const journal = await readingResults(directory, () => readJournal(journalPath));
  for (const warning of journal.warnings) process.stderr.write(`warning: ${warning}\n`);
  return { directory, journalPath, journal, store };
}

/** The store's records of the trials that the journal has no numbers of, or of all trials. */
export function readStored(
  plan: Plan,
  { journal, store }: Results,
  all = false,
): Promise<ReadonlyMap<string, OutcomeRecord>> {
  const wanted = plan.trials.filter(({ id }) => all || !isFinished(journal.outcomes.get(id)));
  return store.readAll(wanted.map(({ id }) => id));
}

/** The journal as a run would have it: with the numbers that the store has and it lacks. Writes nothing. */
export async function readKnown(plan: Plan, results: Results): Promise<JournalContent> {
  const { journal } = results;
  const lacking = findLacking(plan.trials, journal, await readStored(plan, results));
  const records = new Map([
    ...journal.records,
    ...lacking.map((record) => [record.trial.id, record] as const),
  ]);
  return { ...journal, records, outcomes: new Map([...records].map(([id, { outcome }]) => [id, outcome])) };
}

/** @throws RunnerError `results-unreadable` where the disk refuses */
export function readingResults<T>(directory: string, read: () => Promise<T>): Promise<T> {
  return explaining('results-unreadable', directory, 2, read);
}

/**
 * @param exitCode of the program where the disk refuses: 1 once something has run
 * @throws RunnerError `results-unwritable` where the disk refuses
 */
export function writingResults<T>(directory: string, exitCode: 1 | 2, write: () => Promise<T>): Promise<T> {
  return explaining('results-unwritable', directory, exitCode, write);
}

/** Says what the disk's refusal means to whoever ran the command. */
async function explaining<T>(
  reason: 'results-unreadable' | 'results-unwritable',
  directory: string,
  exitCode: 1 | 2,
  use: () => Promise<T>,
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    // A folder that somebody has removed meanwhile is missing.
    if (!isStorageError(error) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const { path = directory, message: cause } = error as NodeJS.ErrnoException;
    throw new RunnerError([{ kind: 'environment', reason, path, cause }], exitCode);
  }
}

/** A diverged trial is done: it is a finding. */
export function trialStates(
  plan: Plan,
  outcomes: ReadonlyMap<string, TrialOutcome>,
): ReadonlyMap<string, TrialState> {
  const stateOf = ({ id }: Trial): TrialState => {
    const outcome = outcomes.get(id);
    if (!outcome) return 'new';
    if (outcome.status !== 'failed') return 'done';
    return isRetryable(outcome) ? 'retryable' : 'failed';
  };
  return new Map(plan.trials.map((trial) => [trial.id, stateOf(trial)]));
}

/** Mean seconds of the finished trials that differ from this one by the seed at most; null without any. */
export function secondsFromHistory(
  plan: Plan,
  outcomes: ReadonlyMap<string, TrialOutcome>,
): (trial: Trial) => number | null {
  const byCell = new Map<number, number[]>();
  for (const trial of plan.trials) {
    const outcome = outcomes.get(trial.id);
    if (outcome?.status !== 'completed') continue;
    byCell.set(trial.cellIndex, [...(byCell.get(trial.cellIndex) ?? []), outcome.trainSeconds]);
  }
  return ({ cellIndex }) => {
    const seconds = byCell.get(cellIndex);
    return seconds ? seconds.reduce((a, b) => a + b) / seconds.length : null;
  };
}
