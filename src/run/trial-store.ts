import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Heartbeat } from '../system/heartbeat.js';
import { ProcessLocks, type LockOwner, type ProcessLock } from '../system/process-lock.js';
import { writeFileAtomically } from '../system/write-file-atomically.js';
import { decodeRecord, encodeRecord, isFinished, type OutcomeRecord } from './journal-record.js';

/** In a results folder, beside the experiments' own: no experiment's name begins so. */
export const storeFolder = '_trials';

/**
 * What the experiments of one results folder share, by trial id: `ID.json`, the trial with its last outcome, a line as
 * in a journal; `ID.checkpoint`, where it got to; `claims/ID`, held by the process that trains it, with its `progress.json`.
 */
export class TrialStore {
  readonly directory: string;
  readonly claimsDirectory: string;
  #locks = new ProcessLocks();

  constructor(resultsDirectory: string) {
    this.directory = join(resultsDirectory, storeFolder);
    this.claimsDirectory = join(this.directory, 'claims');
  }

  /** Ids of the trials that have a record. */
  async ids(): Promise<ReadonlySet<string>> {
    const names = await readdir(this.directory).catch(() => []);
    return new Set(names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [])));
  }

  /** The records of those of the trials that have one. */
  async readAll(ids: Iterable<string>): Promise<Map<string, OutcomeRecord>> {
    const records = new Map<string, OutcomeRecord>();
    const there = await this.ids();
    for (const id of ids) {
      const record = there.has(id) ? await this.read(id) : null;
      if (record) records.set(id, record);
    }
    return records;
  }

  /** A trial's record; null where there is none, or a damaged one: the trial is then run again. */
  async read(id: string): Promise<OutcomeRecord | null> {
    const path = this.#path(id);
    const text = await readFile(path, 'utf8').catch(() => null);
    const record = text === null ? null : decodeRecord(text.trimEnd(), path);
    return record?.type === 'outcome' && record.trial.id === id ? record : null;
  }

  /** Replaces the trial's record; a failure does not replace numbers. A finished trial's checkpoint goes. */
  async write(record: OutcomeRecord): Promise<void> {
    const { id } = record.trial;
    const finished = isFinished(record.outcome);
    if (!finished && isFinished((await this.read(id))?.outcome)) return;
    await writeFileAtomically(this.#path(id), `${encodeRecord(record)}\n`);
    if (!finished) return;
    const checkpoint = this.checkpointPath(id);
    for (const path of [checkpoint, `${checkpoint}.tmp`]) await rm(path, { force: true });
  }

  /** From now on one file shows for all claims that this process lives: a cluster may have thousands of its trials. */
  async shareHeartbeat(): Promise<Heartbeat> {
    await mkdir(this.claimsDirectory, { recursive: true });
    const beat = await Heartbeat.inFile(join(this.claimsDirectory, `beat-${randomUUID()}`));
    this.#locks = new ProcessLocks(undefined, beat);
    return beat;
  }

  /** The right to train a trial, or who has it. */
  async claim(id: string): Promise<ProcessLock | LockOwner> {
    await mkdir(this.claimsDirectory, { recursive: true });
    return this.#locks.tryLock(this.claimPath(id));
  }

  /** Held by the process that trains the trial. */
  claimPath(id: string): string {
    return join(this.claimsDirectory, id);
  }

  checkpointPath(id: string): string {
    return join(this.directory, `${id}.checkpoint`);
  }

  #path(id: string): string {
    return join(this.directory, `${id}.json`);
  }
}
