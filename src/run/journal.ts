import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '../system/sync-directory.js';
import {
  decodeRecord,
  encodeRecord,
  isFinished,
  journalVersion,
  type Environment,
  type JournalRecord,
  type LookRecord,
  type OutcomeRecord,
} from './journal-record.js';
import type { TrialOutcome } from '../trial/outcome.js';
import { count } from '../diagnostics/count.js';

export interface JournalContent {
  /** The last record of each trial, by its id; no failure stands in for numbers that were there before it. */
  readonly records: ReadonlyMap<string, OutcomeRecord>;
  /** The outcomes of `records`. */
  readonly outcomes: ReadonlyMap<string, TrialOutcome>;
  /** The environment of the last run that trained something. */
  readonly environment: Environment | null;
  /** In order. */
  readonly looks: readonly LookRecord[];
  /** Length of what was read. */
  readonly bytes: number;
  /** What was passed over and what is kept, for people; empty when all is well. */
  readonly warnings: readonly string[];
}

const newline = 0x0a;

/**
 * Reads a journal; one that is not there is empty. A damaged line costs itself alone. A torn last line, left by a
 * crash while writing, is reported until the next run has marked it.
 * @throws RunnerError `journal-newer`
 */
export async function readJournal(path: string): Promise<JournalContent> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return Buffer.alloc(0);
  });
  const records = new Map<string, OutcomeRecord>();
  const damaged: number[] = [];
  const looks: LookRecord[] = [];
  let environment: Environment | null = null;
  let torn = false;
  let line = 0;
  for (let start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(newline, start); // line by line: the whole may be longer than a string can be
    const end = found === -1 ? bytes.length : found;
    const text = bytes.toString('utf8', start, end);
    start = end + 1;
    if (text === '') continue;
    const record = decodeRecord(text, path);
    if (record === null && found === -1) torn = true;
    else if (record === null) damaged.push(line);
    else if (record.type === 'torn') {
      if (damaged.at(-1) === line - 1) damaged.pop();
    } else if (record.type === 'environment') environment = record.environment;
    else if (record.type === 'look') looks.push(record);
    else {
      const { id } = record.trial;
      if (isFinished(record.outcome) || !isFinished(records.get(id)?.outcome)) records.set(id, record);
    }
  }
  const outcomes = new Map([...records].map(([id, { outcome }]) => [id, outcome]));
  const warnings = damaged.map((index) => `${path}:${index + 1}: the line is damaged and was passed over`);
  if (torn) warnings.push(`${path}:${line}: the last line is torn and was passed over`);
  if (warnings.length > 0) warnings.push(`${path}: kept the outcomes of ${count(outcomes.size, 'trial')}`);
  return { records, outcomes, environment, looks, bytes: bytes.length, warnings };
}

/** Appends records, each on the disk before `append` returns. Several processes may append to one journal. */
export class JournalWriter {
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly file: Awaited<ReturnType<typeof open>>,
    /** The journal ends within a line: cutting it off could cut what another process has just appended. */
    private torn: boolean,
  ) {}

  /** Opens the journal and creates its folder. */
  static async open(path: string): Promise<JournalWriter> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a+');
    const { size } = await file.stat();
    if (size === 0) await syncDirectory(dirname(path));
    const last = size === 0 ? null : await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return new JournalWriter(file, last !== null && last.buffer[0] !== newline);
  }

  /** @returns by how many bytes the journal has grown */
  append(record: JournalRecord): Promise<number> {
    const write = this.#last.then(() => this.#write(record));
    this.#last = write.catch(() => {}); // reported to this record's caller; the next one still tries
    return write;
  }

  async #write(record: JournalRecord): Promise<number> {
    const mark: JournalRecord = { version: journalVersion, type: 'torn', at: record.at };
    const lines = this.torn ? ['', encodeRecord(mark), encodeRecord(record)] : [encodeRecord(record)];
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    this.torn = true; // until all of it is written
    for (let written = 0; written < bytes.length;)
      written += (await this.file.write(bytes, written)).bytesWritten; // all at once, but on a full disk
    this.torn = false;
    await this.file.datasync();
    return bytes.length;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.file.close();
  }
}
