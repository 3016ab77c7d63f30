/**
 * The folder of one array, by which its tasks and those who follow them speak. Tasks read `manifest.jsonl` (a task per line:
 * the requests that it trains, one after the other) and `settings.json`; of each trial they write `started/ID.json`, `messages/ID.jsonl` while it trains,
 * and `ended/ID.json` as a whole when it has an outcome. What Slurm says counts only for trials without the last.
 */
import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Budget } from '../../plan/plan.js';
import { writeFileAtomically } from '../../system/write-file-atomically.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import {
  decodeRequest,
  encode,
  MessageReader,
  type TrialMessage,
  type TrialRequest,
} from '../../trial/trial-protocol.js';
import type { EngineRequest } from '../../provision/choose-engine.js';

/** What all tasks of an array have in common. */
export interface TaskSettings {
  readonly engine: EngineRequest;
  readonly budget: Pick<Budget, 'trialTimeoutSeconds' | 'stallTimeoutSeconds'>;
  /** Name of the experiment. */
  readonly experiment: string;
  /** Where its results are, and those that experiments share. */
  readonly resultsDirectory: string;
}

/** One trial's part of a task. */
export interface TaskTrial {
  readonly request: TrialRequest;
  /** Takes what the trial's process prints. */
  readonly logFile: string;
}

/** A task has begun a trial. */
export interface StartRecord {
  readonly version: 1;
  readonly at: string;
  readonly host: string;
  /** `ARRAY_INDEX`. */
  readonly task: string;
}

const kinds = ['started', 'messages', 'ended'] as const;

export class TaskFiles {
  constructor(readonly folder: string) {}

  readonly script = (): string => join(this.folder, 'task.sh');
  /** Takes what a task prints beside its trials. */
  readonly log = (index: number): string => join(this.folder, `${index}.log`);
  readonly start = (id: string): string => this.#path('started', id);
  readonly messages = (id: string): string => join(this.folder, 'messages', `${id}.jsonl`);

  /** Puts everything there that the tasks need. */
  async prepare(
    settings: TaskSettings,
    tasks: readonly (readonly TaskTrial[])[],
    script: string,
  ): Promise<void> {
    for (const kind of kinds) await mkdir(join(this.folder, kind), { recursive: true });
    const lines = tasks.map((trials) =>
      JSON.stringify(trials.map(({ request, logFile }) => ({ request: encode(request), logFile }))),
    );
    await writeFile(join(this.folder, 'settings.json'), `${JSON.stringify(settings)}\n`);
    await writeFile(this.script(), script, { mode: 0o755 });
    await writeFileAtomically(join(this.folder, 'manifest.jsonl'), `${lines.join('\n')}\n`);
  }

  async readTask(
    index: number,
  ): Promise<{ readonly settings: TaskSettings; readonly trials: readonly TaskTrial[] }> {
    const settings = JSON.parse(await readFile(join(this.folder, 'settings.json'), 'utf8')) as TaskSettings;
    const lines = (await readFile(join(this.folder, 'manifest.jsonl'), 'utf8')).split('\n');
    const written = JSON.parse(lines[index]!) as { readonly request: string; readonly logFile: string }[];
    return {
      settings,
      trials: written.map(({ request, logFile }) => ({ request: decodeRequest(request), logFile })),
    };
  }

  /** Its tasks begin no trial from now on. */
  async abandon(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, 'abandoned'), '');
  }

  isAbandoned(): Promise<boolean> {
    return stat(join(this.folder, 'abandoned')).then(
      () => true,
      () => false,
    );
  }

  async writeStart(id: string, record: StartRecord): Promise<void> {
    await writeFileAtomically(this.#path('started', id), `${JSON.stringify(record)}\n`);
  }

  async writeEnd(id: string, outcome: TrialOutcome): Promise<void> {
    await writeFileAtomically(this.#path('ended', id), `${encode({ type: 'outcome', outcome })}\n`);
  }

  /** Ids of the trials that have such a record. */
  async ids(kind: 'started' | 'ended'): Promise<ReadonlySet<string>> {
    const names = await readdir(join(this.folder, kind)).catch(() => []);
    return new Set(names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [])));
  }

  async readStart(id: string): Promise<StartRecord | null> {
    const text = await readFile(this.#path('started', id), 'utf8').catch(() => null);
    return text === null ? null : (JSON.parse(text) as StartRecord);
  }

  /** Null without one. */
  async readEnd(id: string): Promise<TrialOutcome | null> {
    const bytes = await readFile(this.#path('ended', id)).catch(() => null);
    const [message] = bytes === null ? [] : new MessageReader().read(bytes);
    return message?.type === 'outcome' ? message.outcome : null;
  }

  #path(kind: 'started' | 'ended', id: string): string {
    return join(this.folder, kind, `${id}.json`);
  }
}

/** Reads a trial's messages while they are written. */
export class MessageTail {
  readonly #reader = new MessageReader();
  #at = 0;

  constructor(private readonly path: string) {}

  /** What has come since the last look. */
  async read(): Promise<readonly TrialMessage[]> {
    const file = await open(this.path).catch(() => null);
    if (file === null) return [];
    try {
      const { size } = await file.stat();
      if (size <= this.#at) return [];
      const piece = Buffer.alloc(size - this.#at);
      const { bytesRead } = await file.read(piece, 0, piece.length, this.#at);
      this.#at += bytesRead;
      return this.#reader.read(piece.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  }
}
