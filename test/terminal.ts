/** The program in a pseudo-terminal, which script(1) gives it. Standard output and error arrive together. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunningRunner, type Result } from './command-line.js';

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export class RunnerInTerminal {
  readonly result: Promise<Result>;
  readonly #script: RunningRunner;

  constructor(folder: string, args: readonly string[], { columns, rows, env }: TerminalOptions) {
    const size = `stty cols ${columns} rows ${rows}`;
    const script = `exec script -qec "${size}; exec $(printf "\\"%s\\" " "$@")" /dev/null`;
    this.#script = new RunningRunner(folder, args, {
      through: ['sh', '-c', script, 'sh'],
      env: { TERM: 'xterm-256color', CI: undefined, ...env },
    });
    this.result = this.#script.result;
  }

  /** All that was written, with what moves the cursor. */
  get written(): string {
    return this.#script.stdout;
  }

  /** Waits until it was written. @throws Error where it ends without */
  async shows(pattern: RegExp): Promise<void> {
    let ended = false;
    void this.result.then(() => (ended = true));
    while (!pattern.test(this.written)) {
      if (ended) throw new Error(`It ended without showing ${pattern}:\n${this.written}`);
      await sleep(5);
    }
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.#runner(), signal);
  }

  /** As a window that is drawn smaller: the size changes, and the program gets SIGWINCH. */
  resize(columns: number): void {
    const device = readlinkSync(`/proc/${this.#runner()}/fd/2`);
    const { status } = spawnSync('stty', ['-F', device, 'cols', String(columns)]);
    if (status !== 0) throw new Error(`${device} was not resized`);
  }

  #runner(): number {
    const { pid } = this.#script;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
  }
}

/** What reaches the eye, line by line: without colours and movements of the cursor. */
export const visibleLines = (written: string): string[] =>
  written.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').split(/[\r\n]+/);

/** Whether the cursor is there at the end; null where it was never hidden. */
export function isCursorShown(written: string): boolean | null {
  const hidden = written.lastIndexOf('\x1b[?25l');
  return hidden === -1 ? null : written.lastIndexOf('\x1b[?25h') > hidden;
}
