/**
 * What was handed to Slurm for an experiment: `slurm/submissions.jsonl` in its results folder, append-only, each record on
 * the disk before the next thing is done; and a folder for each array, `slurm/NAME/`, which its tasks read and write.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '../../system/sync-directory.js';

type SubmissionRecord = { readonly version: 1; readonly at: string; readonly name: string } &
  /** An array is about to be submitted under this name, which is unique. `tasks`: of each, the ids of its trials. */
  (
    | {
        readonly type: 'intent';
        readonly tasks: readonly (readonly string[])[];
        /** Of its tasks, how many may run at the same time; null: all. It and the next: earlier versions did not keep them. */
        readonly parallel?: number | null;
        /** The array that it waits for; null: none. */
        readonly after?: string | null;
      }
    /** Slurm has it. */
    | { readonly type: 'submitted'; readonly job: string }
    /** Slurm never had it, or it was ended before it did anything. */
    | { readonly type: 'abandoned' }
    /** What became of a trial is known and was no result: a result is in the trials' store. */
    | { readonly type: 'settled'; readonly trial: string }
  );

type NewRecord = SubmissionRecord extends infer R
  ? R extends SubmissionRecord
    ? Omit<R, 'version' | 'at'>
    : never
  : never;

/** One array. */
export interface SubmittedArray {
  readonly name: string;
  readonly folder: string;
  /** When it was about to be submitted. */
  readonly at: string;
  readonly tasks: readonly (readonly string[])[];
  readonly parallel: number | null;
  readonly after: string | null;
  /** Slurm's number; null where it is not known whether Slurm has it. */
  job: string | null;
  abandoned: boolean;
  /** Of its trials, those of which nothing is expected any more. */
  readonly settled: Set<string>;
}

/** Where a trial is in Slurm's hands. */
export interface TrialPlace {
  readonly array: SubmittedArray;
  readonly index: number;
}

/** Where that is. @param directory the experiment's results */
export const slurmFolder = (directory: string): string => join(directory, 'slurm');

/** The account of an experiment's arrays. Several processes may append to it. */
export class Submissions {
  readonly folder: string;
  readonly #path: string;
  readonly #arrays = new Map<string, SubmittedArray>();
  #bytes = -1;
  #last: Promise<unknown> = Promise.resolve();

  /** @param directory the experiment's results */
  constructor(directory: string) {
    this.folder = slurmFolder(directory);
    this.#path = join(this.folder, 'submissions.jsonl');
  }

  /** Reads what other processes have appended since. */
  async refresh(): Promise<void> {
    await this.#last;
    const size = await stat(this.#path).then(
      (found) => found.size,
      () => 0,
    );
    if (size === this.#bytes) return;
    const text = size === 0 ? '' : await readFile(this.#path, 'utf8');
    this.#bytes = Buffer.byteLength(text);
    for (const line of text.split('\n')) {
      const record = parseRecord(line);
      if (record) this.#apply(record);
    }
  }

  all(): readonly SubmittedArray[] {
    return [...this.#arrays.values()];
  }

  /** Those of which something is expected, or of which it is not known whether Slurm has them. */
  open(): readonly SubmittedArray[] {
    return this.all().filter(
      ({ abandoned, tasks, settled }) => !abandoned && tasks.flat().some((id) => !settled.has(id)),
    );
  }

  /** Where each trial was handed to last; not those of which nothing is expected. */
  places(): ReadonlyMap<string, TrialPlace> {
    const places = new Map<string, TrialPlace>();
    for (const array of this.open())
      for (const [index, ids] of array.tasks.entries())
        for (const id of ids) if (!array.settled.has(id)) places.set(id, { array, index });
    return places;
  }

  array(name: string): SubmittedArray {
    return this.#arrays.get(name)!;
  }

  /** Returns when all records are on the disk. */
  append(...records: readonly NewRecord[]): Promise<void> {
    const at = new Date().toISOString();
    const full: SubmissionRecord[] = records.map((record) => ({ version: 1, at, ...record }));
    const write = this.#last.then(async () => {
      if (full.length === 0) return;
      await mkdir(this.folder, { recursive: true });
      const file = await open(this.#path, 'a');
      try {
        // A line that a crash has torn ends here, and is passed over.
        await file.write(`\n${full.map((record) => JSON.stringify(record)).join('\n')}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
      await syncDirectory(this.folder);
      for (const record of full) this.#apply(record);
    });
    this.#last = write.catch(() => {});
    return write;
  }

  #apply(record: SubmissionRecord): void {
    const { name } = record;
    const array = this.#arrays.get(name);
    if (record.type === 'intent') {
      const folder = join(this.folder, name);
      // Its folder goes, by `runner gc`, when nothing is expected of it any more.
      if (array || !existsSync(folder)) return;
      this.#arrays.set(name, {
        name,
        folder,
        at: record.at,
        tasks: record.tasks,
        parallel: record.parallel ?? null,
        after: record.after ?? null,
        job: null,
        abandoned: false,
        settled: new Set(),
      });
      return;
    }
    if (!array) return;
    switch (record.type) {
      case 'submitted':
        array.job = record.job;
        return;
      case 'abandoned':
        array.abandoned = true;
        return;
      case 'settled':
        array.settled.add(record.trial);
    }
  }
}

/** Null for an empty line and a torn one. */
function parseRecord(line: string): SubmissionRecord | null {
  try {
    const record = JSON.parse(line) as Partial<SubmissionRecord> | null;
    return record?.version === 1 && typeof record.name === 'string' ? (record as SubmissionRecord) : null;
  } catch {
    return null;
  }
}
