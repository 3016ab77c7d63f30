import { expect, test } from 'vitest';
import type { Plan, Trial } from '../../src/plan/trial.js';
import type { JournalRecord } from '../../src/run/journal.js';
import type { TrialOutcome } from '../../src/run/outcome.js';
import { pendingTrials, runPlan, type RunEvent, type Trainer } from '../../src/run/run-plan.js';

const trials = ['none', 'flip', 'mask', 'crop'].map((id) => ({ id, label: id }) as Trial);
const plan = { trials } as unknown as Plan;
const failed: TrialOutcome = { status: 'failed', cause: 'its process ended with code 1', logFile: 'a.log' };
const completed: TrialOutcome = {
  status: 'completed',
  epochs: [],
  parameters: 1,
  trainSeconds: 1,
  peakBytes: 1,
  engine: 'tensorflow-cpu',
};

function start(train: Trainer, options: { concurrency?: number; known?: Map<string, TrialOutcome> } = {}) {
  const events: RunEvent[] = [];
  const journaled: string[] = [];
  const interruption = new AbortController();
  const finished = runPlan({
    plan,
    known: options.known ?? new Map<string, TrialOutcome>(),
    journal: {
      append: (record: JournalRecord) => {
        if (record.type === 'outcome') journaled.push(record.trial.id);
        return Promise.resolve();
      },
    },
    concurrency: options.concurrency ?? 2,
    train,
    signal: interruption.signal,
    onEvent: (event) => {
      if (event.type === 'ended') expect(journaled).toContain(event.trial.id); // on the disk before it is shown
      events.push(event);
    },
  });
  return { events, journaled, interruption, finished };
}

test('runs what is new or failed, not what is completed or diverged', () => {
  const known = new Map<string, TrialOutcome>([
    ['none', completed],
    ['flip', failed],
    ['mask', { ...completed, status: 'diverged', epoch: 1, step: 20 }],
  ]);
  expect(pendingTrials(plan, known).map(({ id }) => id)).toEqual(['flip', 'crop']);
});

test('runs in the plan’s order, never more at once than allowed, on distinct slots', async () => {
  let running = 0;
  const slots = new Set<number>();
  const { finished, journaled } = start(async (_trial, slot) => {
    expect(++running).toBeLessThanOrEqual(2);
    expect(slots.has(slot)).toBe(false);
    slots.add(slot);
    await Promise.resolve();
    slots.delete(slot);
    running--;
    return completed;
  });
  expect([...(await finished).keys()]).toEqual(['none', 'flip', 'mask', 'crop']);
  expect(journaled).toEqual(['none', 'flip', 'mask', 'crop']);
});

test('a failing trial stops nothing else', async () => {
  const { finished } = start((trial) => Promise.resolve(trial.id === 'flip' ? failed : completed));
  const outcomes = await finished;
  expect([...outcomes.values()].map(({ status }) => status)).toEqual([
    'completed',
    'failed',
    'completed',
    'completed',
  ]);
});

test('an interruption starts nothing more, keeps what is finished, and records no outcome for the rest', async () => {
  const run = start(
    (trial, _slot, { signal }) => {
      if (trial.id === 'none') return Promise.resolve(completed);
      run.interruption.abort();
      return Promise.resolve(signal.aborted ? null : completed);
    },
    { concurrency: 1 },
  );
  await run.finished;
  expect(run.journaled).toEqual(['none']);
  expect(run.events.map(({ type, trial }) => `${type} ${trial.id}`)).toEqual([
    'started none',
    'ended none',
    'started flip',
    'interrupted flip',
  ]);
});

test('a journal that cannot be written ends the run with its error', async () => {
  const finished = runPlan({
    plan,
    known: new Map(),
    journal: { append: () => Promise.reject(new Error('ENOSPC: no space left on device')) },
    concurrency: 1,
    train: () => Promise.resolve(completed),
    signal: new AbortController().signal,
    onEvent: () => {},
  });
  await expect(finished).rejects.toMatchObject({ cause: { message: 'ENOSPC: no space left on device' } });
});
