import { describe, expect, test } from 'vitest';
import type { Plan, Trial } from '../../src/plan/trial.js';
import type { JournalRecord } from '../../src/run/journal.js';
import type { TrialOutcome } from '../../src/run/outcome.js';
import { pendingTrials, runPlan, type RunEvent, type Trainer } from '../../src/run/run-plan.js';

const trials = ['none', 'flip', 'mask', 'crop'].map((id) => ({ id, label: id }) as Trial);
const noLimits: Plan['budget'] = {
  maxTrials: null,
  maxDurationSeconds: null,
  trialTimeoutSeconds: null,
  maxFailedTrials: null,
};
const plan = { trials, budget: noLimits, maxRetries: 0 } as unknown as Plan;
const failed: TrialOutcome = { status: 'failed', cause: 'its process ended with code 1', logFile: 'a.log' };
const completed: TrialOutcome = {
  status: 'completed',
  epochs: [],
  parameters: 1,
  trainSeconds: 1,
  peakBytes: 1,
  engine: 'tensorflow-cpu',
};

function start(
  train: Trainer,
  options: { concurrency?: number; known?: Map<string, TrialOutcome>; plan?: Partial<Plan> } = {},
) {
  const events: RunEvent[] = [];
  const journaled: string[] = [];
  const interruption = new AbortController();
  const finished = runPlan({
    plan: { ...plan, ...options.plan },
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
  expect(run.events.map((event) => `${event.type} ${'trial' in event ? event.trial.id : ''}`)).toEqual([
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

describe('retry', () => {
  test('a failed trial is started again as often as allowed, each failure in the journal', async () => {
    let starts = 0;
    const { finished, journaled, events } = start(
      ({ id }) => Promise.resolve(id === 'flip' && ++starts < 3 ? failed : completed),
      { plan: { maxRetries: 2 } },
    );
    expect((await finished).get('flip')).toBe(completed);
    expect(journaled.filter((id) => id === 'flip')).toHaveLength(3);
    const retries = events.flatMap((event) => (event.type === 'retried' ? [event.retry] : []));
    expect(retries).toEqual([1, 2]);
    expect(events.filter((event) => event.type === 'ended')).toHaveLength(4);
  });

  test('no more often, and not one that took too long', async () => {
    const starts = new Map<string, number>();
    const { finished } = start(
      ({ id }) => {
        starts.set(id, (starts.get(id) ?? 0) + 1);
        return Promise.resolve(id === 'mask' ? { ...failed, timedOut: true } : failed);
      },
      { plan: { maxRetries: 2 } },
    );
    await finished;
    expect(Object.fromEntries(starts)).toEqual({ none: 3, flip: 3, mask: 1, crop: 3 });
  });
});

describe('budget', () => {
  test('with more failures than allowed, no more trials are started, and the running ones end', async () => {
    const { finished, events } = start(({ id }) => Promise.resolve(id === 'none' ? completed : failed), {
      concurrency: 1,
      plan: { budget: { ...noLimits, maxFailedTrials: 1 } },
    });
    expect([...(await finished).keys()]).toEqual(['none', 'flip', 'mask']);
    expect(events.at(-1)).toEqual({
      type: 'stopped',
      reason: '2 trials failed, more than budget.maxFailedTrials, 1',
    });
  });

  test('when its time is over, the running trials end and no others are started', async () => {
    const wait = () => new Promise<TrialOutcome>((resolve) => setTimeout(() => resolve(completed), 30));
    const { finished, events } = start(wait, {
      plan: { budget: { ...noLimits, maxDurationSeconds: 0.001 } },
    });
    expect((await finished).size).toBeLessThan(4);
    expect(events.filter(({ type }) => type === 'started')).toHaveLength(
      events.filter(({ type }) => type === 'ended').length,
    );
    expect(events.filter(({ type }) => type === 'stopped')).toHaveLength(1);
  });
});
