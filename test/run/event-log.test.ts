import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Trial } from '../../src/plan/plan.js';
import { EventLog } from '../../src/run/event-log.js';
import type { RunEvent } from '../../src/run/run-plan.js';
import type { TrialOutcome } from '../../src/trial/outcome.js';
import { contextOf, paramsOf } from '../params.js';

const trial: Trial = {
  id: 'a'.repeat(64),
  cellIndex: 0,
  label: 'augmentation=flip seed=2017',
  seed: 2017,
  params: paramsOf({ epochs: 3 }),
  data: { validation: 'test' },
  context: contextOf(),
};
const record = { epoch: 1, trainLoss: 1, trainAccuracy: 0.5, valLoss: 1.5, valAccuracy: 0.25, seconds: 2 };
const measured = { epochs: [record], trainSeconds: 9, peakBytes: 8, parameters: 7, engine: 'tensorflow-cpu' };
const completed: TrialOutcome = { ...measured, status: 'completed' };
const diverged: TrialOutcome = { ...measured, status: 'diverged', epoch: 2, step: 20 };
const failed = {
  status: 'failed',
  failure: 'crash',
  cause: 'it was killed by SIGKILL',
  logFile: 'a.log',
} as const;
const progress = { epoch: 1, step: 1, stepsPerEpoch: 2, loss: 1, accuracy: 0.5, secondsLeft: 3 };
const owner = { pid: 7, processSpace: 'vm', startTime: null, token: 't' };

const newPath = () => join(mkdtempSync(join(tmpdir(), 'runner-events-')), 'tiny', 'events.jsonl');
const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function logOf(
  path: string,
  events: readonly RunEvent[],
  warn: (line: string) => void = (line) => expect(line).toBe(''),
) {
  const log = new EventLog(path, warn);
  log.begin('tiny', 4, 2);
  for (const event of events) log.show(event);
  await log.end('finished');
}

const which = { trial: trial.id, label: trial.label };

test.each<[RunEvent, object | null]>([
  [
    { type: 'started', trial, slot: 1 },
    { type: 'trial-started', ...which, seed: 2017, epochs: 3, slot: 1 },
  ],
  [{ type: 'progress', trial, slot: 1, progress }, null],
  [
    { type: 'epoch', trial, slot: 1, record },
    { type: 'trial-epoch', ...which, epochs: 3, ...record },
  ],
  [
    { type: 'ended', trial, slot: 1, outcome: completed },
    {
      type: 'trial-ended',
      ...which,
      status: 'completed',
      epochsTrained: 1,
      trainSeconds: 9,
      peakBytes: 8,
      parameters: 7,
      engine: 'tensorflow-cpu',
    },
  ],
  [
    { type: 'reused', trial, outcome: diverged },
    {
      type: 'trial-reused',
      ...which,
      status: 'diverged',
      epoch: 2,
      step: 20,
      epochsTrained: 1,
      trainSeconds: 9,
      peakBytes: 8,
      parameters: 7,
      engine: 'tensorflow-cpu',
    },
  ],
  [
    { type: 'ended', trial, slot: 1, outcome: failed },
    { type: 'trial-ended', ...which, ...failed },
  ],
  [
    { type: 'retried', trial, slot: 1, outcome: failed, retry: 2 },
    { type: 'trial-retried', ...which, ...failed, retry: 2 },
  ],
  [
    { type: 'narrowed', trial, slot: 1, outcome: failed, concurrency: 3 },
    { type: 'trial-narrowed', ...which, ...failed, slots: 3 },
  ],
  [
    { type: 'elsewhere', trial, owner },
    { type: 'trial-elsewhere', ...which, pid: 7 },
  ],
  [
    { type: 'interrupted', trial, slot: 1 },
    { type: 'trial-interrupted', ...which },
  ],
  [
    { type: 'dropped', trial, slot: 1 },
    { type: 'trial-dropped', ...which },
  ],
  [
    { type: 'planned', trials: 2, most: 5 },
    { type: 'run-planned', trials: 2, most: 5 },
  ],
  [
    { type: 'stopped', reason: 'enough' },
    { type: 'run-stopped', reason: 'enough' },
  ],
])('an event of the run, $type, as a line', async (event, fields) => {
  const path = newPath();
  await logOf(path, [event]);
  const lines = linesOf(path);
  expect(lines[0]).toMatchObject({
    type: 'run-started',
    experiment: 'tiny',
    trials: 4,
    slots: 2,
    pid: process.pid,
  });
  expect(lines.at(-1)).toMatchObject({ type: 'run-ended', how: 'finished' });
  expect(new Set(lines.map(({ run }) => run)).size).toBe(1);
  const own = lines.slice(1, -1).map(({ version, at, run, ...rest }) => {
    expect(version).toBe(1);
    expect(new Date(at as string).toISOString()).toBe(at);
    expect(run).toMatch(/^[0-9a-f]{8}$/);
    return rest;
  });
  expect(own).toEqual(fields ? [fields] : []);
});

test('a line that a killed run left unfinished costs itself alone', async () => {
  const path = newPath();
  await logOf(path, []);
  appendFileSync(path, '{"version":1,"at":"20');
  await logOf(path, [{ type: 'stopped', reason: 'enough' }]);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.filter((line) => line === '{"version":1,"at":"20')).toHaveLength(1);
  const whole = lines
    .filter((line) => line.endsWith('}'))
    .map((line) => (JSON.parse(line) as { type: string }).type);
  expect(whole).toEqual(['run-started', 'run-ended', 'run-started', 'run-stopped', 'run-ended']);
});

test('two runs append to one file, and tell their lines apart', async () => {
  const path = newPath();
  await Promise.all(
    [1, 2].map(() => logOf(path, Array<RunEvent>(50).fill({ type: 'epoch', trial, slot: 0, record }))),
  );
  const runs = linesOf(path).map(({ run }) => run);
  expect([...new Set(runs)].map((run) => runs.filter((other) => other === run).length)).toEqual([52, 52]);
});

test.each(['/dev/full', '/dev/null/events.jsonl'])(
  '%s, which takes nothing, costs one warning',
  async (path) => {
    const warnings: string[] = [];
    await logOf(path, Array<RunEvent>(5).fill({ type: 'stopped', reason: 'enough' }), (line) =>
      warnings.push(line),
    );
    expect(warnings).toEqual([expect.stringMatching(`^${path}: events are missing in it, E[A-Z]+: `)]);
  },
);
