/**
 * That an executor is one file: this one starts each trial as a batch system would, by a command and two files, and reads
 * its messages while they are written.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { defaultDataset } from '../../../src/data/datasets.js';
import type { Plan, Trial } from '../../../src/plan/plan.js';
import type { Attempt, Executor } from '../../../src/run/executor.js';
import { runPlan, type RunEvent } from '../../../src/run/run-plan.js';
import type { TrialOutcome } from '../../../src/trial/outcome.js';
import { encode, MessageReader, type TrialRequest } from '../../../src/trial/trial-protocol.js';
import { contextOf, noLimits, paramsOf } from '../../params.js';

const trialProcess = fileURLToPath(new URL('../../../dist/train/trial-process.js', import.meta.url));

function openFileExecutor(folder: string): Executor {
  return { slots: 2, outlivesProcess: false, run };

  async function run(request: TrialRequest, attempt: Attempt): Promise<TrialOutcome | null> {
    const paths = ['request.json', 'messages.jsonl'].map((name) => join(folder, request.trial.id + name));
    const [requestPath, messagesPath] = paths as [string, string];
    await writeFile(requestPath, encode(request));
    await writeFile(messagesPath, '');
    const args = [trialProcess, '--request', requestPath, '--messages', messagesPath];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const stop = () => child.kill();
    attempt.signal.addEventListener('abort', stop);
    let isRunning = true;
    const ended = once(child, 'exit').then(() => (isRunning = false));
    const file = await open(messagesPath);
    const reader = new MessageReader();
    let outcome: TrialOutcome | null = null;
    for (let isLast = false; !isLast;) {
      await Promise.race([sleep(50), ended]);
      isLast = !isRunning;
      for (const message of reader.read(await file.readFile())) {
        if (message.type === 'progress') attempt.onProgress(message.progress);
        if (message.type === 'epoch') attempt.onEpoch(message.record);
        if (message.type === 'outcome') outcome = message.outcome;
      }
    }
    await file.close();
    attempt.signal.removeEventListener('abort', stop);
    if (outcome || attempt.signal.aborted) return outcome;
    return { status: 'failed', failure: 'crash', cause: 'its process ended', logFile: '' };
  }
}

const trialOf = (id: string, epochs: number): Trial => ({
  id,
  cellIndex: 0,
  label: id,
  seed: 2017,
  params: { ...paramsOf(), trainSubset: 192, epochs },
  data: { validation: { holdout: 100 } },
  context: contextOf(),
});

/** Runs trials through the file executor; `onEvent` may interrupt. */
async function runTrials(
  trials: readonly Trial[],
  onEvent: (event: RunEvent, interrupt: () => void) => void,
): Promise<readonly RunEvent[]> {
  const folder = await mkdtemp(join(tmpdir(), 'runner-executor-'));
  const { directory } = await defaultDataset.find({ onProgress: () => {} });
  const interruption = new AbortController();
  const events: RunEvent[] = [];
  await runPlan({
    plan: { trials, budget: noLimits, maxRetries: 0 } as unknown as Plan,
    demand: () => ({ now: trials, ahead: [] }),
    ledger: {
      take: () =>
        Promise.resolve({
          type: 'claimed',
          claim: { isHeld: () => Promise.resolve(true), release: () => Promise.resolve() },
        }),
      hasNew: () => Promise.resolve(false),
      record: () => Promise.resolve(true),
    },
    executor: openFileExecutor(folder),
    requestOf: (trial) => ({
      trial,
      dataset: defaultDataset.name,
      dataDirectory: directory,
      weightsPath: null,
      engine: 'tensorflow-cpu',
      checkpoint: null,
    }),
    signal: interruption.signal,
    onEvent: (event) => {
      events.push(event);
      onEvent(event, () => interruption.abort());
    },
  });
  await rm(folder, { recursive: true });
  return events;
}

test('trials that are started by files report epochs and outcomes as others do', async () => {
  const events = await runTrials([trialOf('a', 2), trialOf('b', 3)], () => {});
  const epochs = events.flatMap((event) =>
    event.type === 'epoch' ? [`${event.trial.id}${event.record.epoch}`] : [],
  );
  expect(epochs.sort()).toEqual(['a1', 'a2', 'b1', 'b2', 'b3']);
  const ends = events.flatMap((event) => (event.type === 'ended' ? [event.outcome.status] : []));
  expect(ends).toEqual(['completed', 'completed']);
});

test('and end when the run is interrupted', async () => {
  const events = await runTrials([trialOf('a', 1000)], (event, interrupt) => {
    if (event.type === 'epoch') interrupt();
  });
  expect(events.at(-1)).toMatchObject({ type: 'interrupted', trial: { id: 'a' } });
});
