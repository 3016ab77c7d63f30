import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Null where the command could not be started or was ended by a signal or the time limit. */
  readonly code: number | null;
  readonly stdout: string;
  /** Standard output and standard error together, in order of arrival, its last 64 KiB. */
  readonly output: string;
  /** The command does not exist. */
  readonly notFound: boolean;
}

/** Runs a command without a shell. Never throws: a failure is a result. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    let stdout = '';
    let output = '';
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: options.env ?? process.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    // Not spawn's own time limit: its timer goes on, and keeps this process alive, when the command does not exist.
    const limit =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const collect = (text: string): void => void (output = (output + text).slice(-65_536));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      collect(text);
    });
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      resolve({ code: null, stdout, output: output + error.message, notFound: error.code === 'ENOENT' });
    });
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ code, stdout, output: signal ? `${output}\nended by ${signal}` : output, notFound: false });
    });
  });
}

/** What a command said last. */
export function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
