import { fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EpochRecord, TrialMessage, TrialOutcome, TrialProgress, TrialRequest } from './outcome.js';

const trialProcess = fileURLToPath(new URL('../../dist/train/trial-process.js', import.meta.url));
const killAfter = 3000; // milliseconds between SIGTERM and SIGKILL
const longestTimer = 2 ** 31 - 1; // milliseconds that a timer holds, 25 days

export interface TrialProcessOptions {
  readonly request: TrialRequest;
  /** Variables for the process, beside this one's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes the process' standard output and error. */
  readonly logFile: string;
  readonly signal: AbortSignal;
  /** The longest that it may take; null for no limit. */
  readonly timeoutSeconds: number | null;
  readonly onProgress: (progress: TrialProgress) => void;
  readonly onEpoch: (record: EpochRecord) => void;
}

/** Trains a trial in a process of its own. Resolves with null when the signal ended it; never rejects for the
 * process' sake. */
export function runTrial(options: TrialProcessOptions): Promise<TrialOutcome | null> {
  const { request, environment, logFile, signal } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  const child = fork(trialProcess, [], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', log, log, 'ipc'],
    serialization: 'advanced', // keeps NaN and infinities
    execArgv: [],
  });
  closeSync(log);
  return new Promise((resolve) => {
    let outcome: TrialOutcome | null = null;
    let killTimer: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill('SIGTERM');
      killTimer = setTimeout(() => child.kill('SIGKILL'), killAfter);
    };
    let timedOut = false;
    const { timeoutSeconds } = options;
    const timeout =
      timeoutSeconds === null
        ? undefined
        : setTimeout(
            () => {
              timedOut = true;
              stop();
            },
            Math.min(timeoutSeconds * 1000, longestTimer),
          );
    const end = (failure: string) => {
      clearTimeout(killTimer);
      clearTimeout(timeout);
      signal.removeEventListener('abort', stop);
      if (outcome) resolve(outcome);
      else if (signal.aborted) resolve(null);
      else if (timedOut)
        resolve({
          status: 'failed',
          cause: `it took longer than budget.trialTimeout, ${timeoutSeconds} s`,
          logFile,
          timedOut: true,
        });
      else resolve({ status: 'failed', cause: failure, logFile });
    };
    child.on('message', (message: TrialMessage) => {
      if (message.type === 'progress') options.onProgress(message.progress);
      else if (message.type === 'epoch') options.onEpoch(message.record);
      else outcome = message.outcome;
    });
    child.once('error', (error) => end(`its process did not start: ${error.message}`));
    child.once('exit', (code, killedBy) =>
      end(killedBy ? `its process was ended by ${killedBy}` : `its process ended with code ${code}`),
    );
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.send(request, () => {}); // a process that is gone is reported by its exit
  });
}
