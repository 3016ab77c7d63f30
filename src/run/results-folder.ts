import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../plan/plan.js';
import { hasFigures, type TrialOutcome } from '../trial/outcome.js';
import { folderNamed } from '../system/file-names.js';
import { checkResultsFolder } from './check-results-folder.js';
import { readingResults, writingResults } from './disk-refusal.js';
import { JournalWriter, readJournal } from './journal.js';
import { isFinished, type Environment, type LookRecord, type OutcomeRecord } from './journal-record.js';
import { findLacking } from './ledger.js';
import { covers } from './looks.js';
import { logName, logsFolder } from './log-file.js';
import { modelsFolder, networksFolder } from './model-folders.js';
import { findOtherFiles, plansFolder, writePlanRecord } from './plan-record.js';
import { TrialStore } from './trial-store.js';

/** What is known of an experiment: its journal, with the numbers that the store has and the journal lacks. */
export interface Known {
  /** The last record of each trial, by its id. */
  readonly records: ReadonlyMap<string, OutcomeRecord>;
  /** The outcomes of `records`. */
  readonly outcomes: ReadonlyMap<string, TrialOutcome>;
  /** The environment of the last run that trained something. */
  readonly environment: Environment | null;
  /** What was shown of comparisons before. */
  readonly looks: readonly LookRecord[];
  /** Those of `records` that the journal lacks. */
  readonly lacking: readonly OutcomeRecord[];
  /** What the store held, by trial id, of the trials that the journal has no numbers of, or of all. */
  readonly stored: ReadonlyMap<string, OutcomeRecord>;
  /** Length of the journal. */
  readonly journalBytes: number;
}

/**
 * One experiment's results: its journal, its logs and outputs in a folder of its own, and the store that it shares with
 * the other experiments of the results.
 */
export class ResultsFolder {
  readonly directory: string;
  readonly store: TrialStore;
  readonly journalPath: string;
  readonly eventsPath: string;
  /** Networks of trials, while models of them may be wanted. */
  readonly networksDirectory: string;
  readonly modelsDirectory: string;
  readonly #warned = new Set<string>();

  /** @param onWarning is called with what is damaged, once for each */
  constructor(
    private readonly resultsDirectory: string,
    experiment: string,
    private readonly onWarning: (line: string) => void = () => {},
  ) {
    this.directory = join(resultsDirectory, folderNamed(experiment));
    this.store = new TrialStore(resultsDirectory);
    this.journalPath = join(this.directory, 'journal.jsonl');
    this.networksDirectory = networksFolder(this.directory);
    this.modelsDirectory = modelsFolder(this.directory);
    this.eventsPath = join(this.directory, 'events.jsonl');
  }

  /** Where a trial's process keeps its networks. */
  networksPath(trialId: string): string {
    return join(this.networksDirectory, `${trialId}.safetensors`);
  }

  /** Takes what a trial's process prints. */
  logFile(trialId: string): string {
    return join(logsFolder(this.directory), logName(trialId));
  }

  /**
   * Reads journal and store: what every command knows. Writes nothing. A trial of the plan that lacks the figures of its
   * metric is not known: it is trained again.
   * @param all also what the store holds of trials that the journal has numbers of
   * @throws RunnerError `results-outside`, `results-unreadable`, `journal-newer`
   */
  async read({ trials, metric }: Pick<Plan, 'trials' | 'metric'>, all = false): Promise<Known> {
    const { directory, store } = this;
    for (const path of [
      directory,
      this.journalPath,
      this.eventsPath,
      logsFolder(directory),
      plansFolder(directory),
      this.networksDirectory,
      this.modelsDirectory,
      store.directory,
      store.claimsDirectory,
    ])
      await checkResultsFolder(this.resultsDirectory, path);
    const journal = await readingResults(directory, () => readJournal(this.journalPath));
    for (const warning of journal.warnings) {
      if (!this.#warned.has(warning)) this.onWarning(warning);
      this.#warned.add(warning);
    }
    const isUseful = ({ outcome }: OutcomeRecord) => hasFigures(outcome, metric.name);
    const ids = new Set(trials.map(({ id }) => id));
    const records = new Map([...journal.records].filter(([id, record]) => !ids.has(id) || isUseful(record)));
    const outcomes = new Map([...records].map(([id, { outcome }]) => [id, outcome]));
    const wanted = trials.filter(({ id }) => all || !isFinished(outcomes.get(id)));
    const stored = await store.readAll(wanted.map(({ id }) => id));
    const { environment, looks, bytes: journalBytes } = journal;
    const known = { records, outcomes, environment, looks, stored, journalBytes };
    const lacking = findLacking(
      trials,
      outcomes,
      new Map([...stored].filter(([, record]) => isUseful(record))),
    );
    return { ...withRecords(known, lacking), lacking };
  }

  /** Other experiment files with the same name, which share this folder. */
  findOtherFiles(file: string): Promise<readonly string[]> {
    return readingResults(this.directory, () => findOtherFiles(this.directory, file));
  }

  /** Writes plan.json, by which `runner gc` knows the trials; creates the folder. */
  writePlan(plan: Plan, file: string): Promise<void> {
    return writePlanRecord(this.directory, plan, file);
  }

  /** Opens the journal for appending, and creates the folder. */
  openJournal(): Promise<JournalWriter> {
    return JournalWriter.open(this.journalPath);
  }

  /** Puts into the journal what it lacks of what is known, and of other records. */
  async complete(
    known: Known,
    journal: Pick<JournalWriter, 'append'>,
    others: readonly OutcomeRecord[] = [],
  ): Promise<Known> {
    let { journalBytes } = known;
    for (const record of [...known.lacking, ...others]) journalBytes += await journal.append(record);
    return { ...withRecords(known, others), lacking: [], journalBytes };
  }

  /** Puts into the journal that figures were shown, where it does not say so yet. */
  async keepLook(known: Known, look: LookRecord | null): Promise<Known> {
    if (look === null || known.looks.some((other) => covers(other, look))) return known;
    const journal = await this.openJournal();
    const bytes = await journal.append(look).finally(() => journal.close());
    return { ...known, looks: [...known.looks, look], journalBytes: known.journalBytes + bytes };
  }

  /** Whether somebody has written to the journal since. */
  async hasChangedSince({ journalBytes }: Known): Promise<boolean> {
    const found = await stat(this.journalPath).catch(() => null); // there is none where nothing was ever run
    return (found?.size ?? 0) !== journalBytes;
  }

  /**
   * @param exitCode of the program where the disk refuses: 1 once something has run
   * @throws RunnerError `results-unwritable` where the disk refuses
   */
  writing<T>(exitCode: 1 | 2, write: () => Promise<T>): Promise<T> {
    return writingResults(this.directory, exitCode, write);
  }
}

function withRecords<K extends Pick<Known, 'records'>>(
  known: K,
  added: readonly OutcomeRecord[],
): K & Pick<Known, 'records' | 'outcomes'> {
  const records = new Map([...known.records, ...added.map((record) => [record.trial.id, record] as const)]);
  return {
    ...known,
    records,
    outcomes: new Map([...records].map(([id, { outcome }]) => [id, outcome])),
  };
}
