/** The program as a user meets it: spawned, with the real engine and the real data. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runnerBin = fileURLToPath(new URL('../bin/runner.js', import.meta.url));

export interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunnerOptions {
  /** Laid over this process' environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A command that starts the command behind it, such as `['unshare', '--pid', '--fork']`. */
  readonly through?: readonly string[];
}

/** `runner`, started in a folder, in a process group of its own as a terminal gives it one. */
export class RunningRunner {
  /** All that it has said so far. */
  stdout = '';
  stderr = '';
  readonly pid: number;
  readonly result: Promise<Result>;
  readonly #process: ChildProcess;
  #ended = false;

  constructor(folder: string, args: readonly string[], { env = {}, through = [] }: RunnerOptions = {}) {
    const [command, ...others] = [...through, process.execPath, runnerBin, ...args] as [string, ...string[]];
    const child = spawn(command, others, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#process = child;
    this.pid = child.pid!;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.result = once(child, 'close').then((end) => {
      this.#ended = true;
      const [code, signal] = end as [number | null, NodeJS.Signals | null];
      return { code, signal, stdout: this.stdout, stderr: this.stderr };
    });
  }

  /** Waits until it has said so on standard error. @throws Error where it ends without */
  async said(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stderr)) {
      if (this.#ended) throw new Error(`It ended without saying ${pattern}:\n${this.stderr}`);
      await Promise.race([once(this.#process.stderr!, 'data'), this.result]);
    }
  }

  /** True where there was somebody to kill. */
  kill(signal: NodeJS.Signals): boolean {
    return !this.#ended && this.#process.kill(signal);
  }

  /** Kills the whole group, as a terminal does. True where there was somebody to kill. */
  killGroup(signal: NodeJS.Signals): boolean {
    return !this.#ended && kill(-this.pid, signal);
  }

  /** The processes of the trials that run. */
  trialProcesses(): number[] {
    return childrenOf(this.pid).filter(isTrialProcess);
  }

  /** The first trial's process, once it is there. */
  async trialProcess(): Promise<number> {
    for (;;) {
      const [first] = this.trialProcesses();
      if (first !== undefined) return first;
      if (this.#ended) throw new Error(`It ended without a trial's process:\n${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** Of a process, or a group by its negative number. False where there is none: it may be gone this moment. */
export function kill(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Runs `runner` in a folder to its end. */
export function runner(folder: string, args: readonly string[], options?: RunnerOptions): Promise<Result> {
  return new RunningRunner(folder, args, options).result;
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // it is gone
  }
}

function isTrialProcess(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('trial-process');
  } catch {
    return false;
  }
}

/** A small experiment: four trials of 320 images and an epoch, a second each. Values are YAML. */
export const experiment = (fields: Record<string, string> = {}) =>
  Object.entries({
    name: 'tiny',
    description: 'Does a flip help on 320 images?',
    params: '{ alpha: 0.25, weights: none, resolution: 28, epochs: 1 }',
    augmentations: '{ none: [], flip: [{ horizontalFlip: {} }, { randomMask: {} }] }',
    matrix: '{ augmentation: [none, flip] }',
    seeds: '[2017, 2018]',
    data: '{ trainSubset: 320, validation: { holdout: 100 } }',
    ...fields,
  })
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');

/** A new folder, with a space and a non-ASCII letter in its name, and `tiny.yaml` in it. */
export async function newFolder(yaml = experiment()): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'runner cli ü-'));
  await writeFile(join(folder, 'tiny.yaml'), yaml);
  return folder;
}

/** A file of the results of `tiny`. */
export const readResult = (folder: string, file: string, results = 'results') =>
  readFile(join(folder, results, 'tiny', file), 'utf8');

const csvFiles = ['leaderboard.csv', 'comparisons.csv', 'trials.csv', 'epochs.csv'] as const;

/** All that is rebuilt from the journal. */
export const outputs = [...csvFiles, 'plan.json', 'environment.json'] as const;

/** The rows of a CSV without the columns that measure the machine; no field of it may hold a comma. */
export function withoutTimes(csv: string): string[] {
  const rows = csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const kept = rows[0]!.map((column) => !/seconds|memory/.test(column));
  return rows.map((row) => row.filter((_, index) => kept[index]).join(','));
}

/** All that the CSVs of `tiny` say, but for what measures the machine. */
export function figures(folder: string, results?: string): Promise<string[][]> {
  return Promise.all(csvFiles.map(async (file) => withoutTimes(await readResult(folder, file, results))));
}

/** Labels of the trials that the journal of `tiny` tells as completed: one twice where it was completed twice. */
export async function completions(folder: string): Promise<string[]> {
  const text = await readResult(folder, 'journal.jsonl').catch(() => ''); // there may be none yet
  const lines = text.split('\n').filter((line) => line.includes('"status":"completed"'));
  return lines.map((line) => /"label":"(.*?)"/.exec(line)![1]!);
}
