import { fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { classifyExit, countSystemKills } from './classify-exit.js';
import type { FailedOutcome, TrialOutcome } from '../../trial/outcome.js';
import { saveSoon, type TrialMessage, type TrialRequest } from '../../trial/trial-protocol.js';
import type { Attempt } from '../executor.js';

const trialProcess = fileURLToPath(new URL('../../../dist/train/trial-process.js', import.meta.url));
const killAfter = 3000; // milliseconds between SIGTERM and SIGKILL
const longestTimer = 2 ** 31 - 1; // milliseconds that a timer holds, 25 days
const stallChecks = 20; // per stall timeout

export interface TrialProcessOptions extends Pick<Attempt, 'signal' | 'onProgress' | 'onEpoch'> {
  readonly request: TrialRequest;
  /** Variables for the process, beside this one's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes the process' standard output and error. */
  readonly logFile: string;
  /** The longest that it may take; null for no limit. */
  readonly timeoutSeconds: number | null;
  /** The longest that it may say nothing. */
  readonly stallSeconds: number;
  /** Aborted where it is to keep a checkpoint at the end of its epoch: it may be ended soon. */
  readonly saving?: AbortSignal;
}

/** Trains a trial in a process of its own. Resolves with null when the signal ended it; never rejects for the
 * process' sake. */
export function runTrial(options: TrialProcessOptions): Promise<TrialOutcome | null> {
  const { request, environment, logFile, signal, saving, timeoutSeconds, stallSeconds } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  rmSync(logFile, { force: true }); // not written over: it may be a link
  const log = openSync(logFile, 'wx');
  const systemKills = countSystemKills();
  const child = fork(trialProcess, [], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', log, log, 'ipc'],
    serialization: 'advanced', // keeps NaN and infinities
    execArgv: [],
  });
  closeSync(log);
  return new Promise((resolve) => {
    let outcome: TrialOutcome | null = null;
    let failure: Pick<FailedOutcome, 'failure' | 'cause'> | null = null;
    let killTimer: NodeJS.Timeout | undefined;
    let lastSign = performance.now();

    const save = () => child.connected && child.send(saveSoon, () => {});
    const stop = () => {
      child.kill('SIGTERM');
      killTimer ??= setTimeout(() => child.kill('SIGKILL'), killAfter);
    };
    const fail = (kind: FailedOutcome['failure'], cause: string) => {
      failure ??= { failure: kind, cause };
      stop();
    };
    const timeLimit =
      timeoutSeconds === null
        ? undefined
        : setTimeout(
            () => fail('timeout', `it took longer than budget.trialTimeout, ${timeoutSeconds} s`),
            Math.min(timeoutSeconds * 1000, longestTimer),
          );
    const checkInterval = Math.min((stallSeconds * 1000) / stallChecks, longestTimer);
    let lastCheck = performance.now();
    const stallCheck = setInterval(() => {
      const now = performance.now();
      // Time in which this process stood still itself, stopped by Ctrl-Z, is not held against the trial.
      lastSign += Math.max(0, now - lastCheck - 2 * checkInterval);
      lastCheck = now;
      if (now - lastSign > stallSeconds * 1000)
        fail('stall', `it showed no progress for budget.stallTimeout, ${stallSeconds} s`);
    }, checkInterval);
    const end = (exit: () => Pick<FailedOutcome, 'failure' | 'cause'>) => {
      clearTimeout(killTimer);
      clearTimeout(timeLimit);
      clearInterval(stallCheck);
      signal.removeEventListener('abort', stop);
      saving?.removeEventListener('abort', save);
      if (outcome) resolve(outcome);
      else if (signal.aborted) resolve(null);
      else resolve({ status: 'failed', ...(failure ?? exit()), logFile });
    };
    child.on('message', (message: TrialMessage) => {
      lastSign = performance.now();
      switch (message.type) {
        case 'progress':
          return options.onProgress(message.progress);
        case 'epoch':
          return options.onEpoch(message.record);
        case 'outcome':
          outcome = message.outcome;
          return;
        case 'failure':
          failure ??= { failure: message.failure, cause: message.message };
          return;
        case 'alive':
          return;
      }
    });
    child.once('error', ({ message }) =>
      end(() => ({ failure: 'crash', cause: `its process did not start: ${message}` })),
    );
    child.once('exit', (code, killedBy) =>
      end(() =>
        classifyExit({
          code,
          signal: killedBy,
          systemKilled: systemKills === null ? null : (countSystemKills() ?? 0) > systemKills,
          log: readFileSync(logFile, 'utf8').slice(-65_536),
        }),
      ),
    );
    saving?.addEventListener('abort', save, { once: true });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.send(request, () => {}); // a process that is gone is reported by its exit
    if (saving?.aborted) save();
  });
}
