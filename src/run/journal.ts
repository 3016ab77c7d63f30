import { mkdir, open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Trial } from '../plan/trial.js';
import type { TrialOutcome } from './outcome.js';

/** Versions, engine, device, commit: what environment.json shows. */
export type Environment = Readonly<Record<string, unknown>>;

/** One line of journal.jsonl. */
export type JournalRecord =
  | {
      readonly version: 1;
      readonly type: 'environment';
      readonly at: string;
      readonly environment: Environment;
    }
  | {
      readonly version: 1;
      readonly type: 'outcome';
      readonly at: string;
      readonly trial: Trial;
      readonly outcome: TrialOutcome;
    };

export interface JournalContent {
  /** The last outcome of each trial, by its id. */
  readonly outcomes: ReadonlyMap<string, TrialOutcome>;
  /** The environment of the last run that trained something. */
  readonly environment: Environment | null;
  /** What was passed over, for people; empty when all is well. */
  readonly warnings: readonly string[];
}

/** Reads a journal; one that is not there is empty. A torn last line (a crash while writing) is passed over. */
export async function readJournal(path: string): Promise<JournalContent> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    text = '';
  }
  const outcomes = new Map<string, TrialOutcome>();
  const warnings: string[] = [];
  let environment: Environment | null = null;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    let record: JournalRecord;
    try {
      record = JSON.parse(line) as JournalRecord;
    } catch {
      const where = `${path}:${index + 1}`;
      const torn = index === lines.length - 1;
      warnings.push(
        `${where}: ${torn ? 'the last line is torn' : 'the line is damaged'} and was passed over`,
      );
      continue;
    }
    if (record.type === 'environment') environment = record.environment;
    else outcomes.set(record.trial.id, record.outcome);
  }
  return { outcomes, environment, warnings };
}

/** Appends records, each on the disk before `append` returns. */
export class JournalWriter {
  #last: Promise<void> = Promise.resolve();

  private constructor(private readonly file: Awaited<ReturnType<typeof open>>) {}

  /** Opens the journal, creates its folder, and cuts off a torn last line so that the next record stands alone. */
  static async open(path: string): Promise<JournalWriter> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a+');
    const content = await file.readFile();
    const complete = content.lastIndexOf('\n') + 1;
    if (complete < content.length) await truncate(path, complete);
    return new JournalWriter(file);
  }

  append(record: JournalRecord): Promise<void> {
    const write = this.#last.then(async () => {
      await this.file.appendFile(`${JSON.stringify(record)}\n`);
      await this.file.datasync();
    });
    this.#last = write.catch(() => {}); // reported to this record's caller; the next one still tries
    return write;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.file.close();
  }
}
