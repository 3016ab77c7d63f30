import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProcessLock } from '../../src/system/process-lock.js';
import type { Plan, Trial } from '../../src/plan/plan.js';
import { JournalWriter, readJournal } from '../../src/run/journal.js';
import { Ledger } from '../../src/run/ledger.js';
import type { TrialOutcome } from '../../src/trial/outcome.js';
import type { Attempt } from '../../src/run/executor.js';
import {
  pendingTrials,
  runPlan,
  type Demand,
  type RunEvent,
  type RunOptions,
} from '../../src/run/run-plan.js';
import { TrialStore } from '../../src/run/trial-store.js';
import { contextOf, noLimits, paramsOf } from '../params.js';

const trials = ['none', 'flip', 'mask', 'crop'].map((id): Trial => ({
  id,
  cellIndex: 0,
  label: id,
  seed: 2017,
  params: paramsOf(),
  data: { validation: 'test' },
  context: contextOf(),
}));
const plan = { trials, budget: noLimits, maxRetries: 0 } as unknown as Plan;
const failed = {
  status: 'failed',
  failure: 'crash',
  cause: 'its process ended with code 1',
  logFile: 'a.log',
} as const;
const completed: TrialOutcome = {
  status: 'completed',
  epochs: [{ epoch: 1, trainLoss: 1, trainAccuracy: 0.5, valLoss: 1, valAccuracy: 0.5, seconds: 1 }],
  parameters: 1,
  trainSeconds: 1,
  peakBytes: 1,
  engine: 'tensorflow-cpu',
};

let folder: string;
let journalPath: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-plan-'));
  journalPath = join(folder, 'tiny', 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Trainer = (trial: Trial, slot: number, attempt: Attempt) => Promise<TrialOutcome | null>;

/** An executor that a test scripts. */
const scripted = (slots: number, train: Trainer): Pick<RunOptions, 'executor' | 'requestOf'> => ({
  executor: {
    slots,
    outlivesProcess: false,
    run: ({ trial }, attempt) => train(trial, attempt.slot, attempt),
  },
  requestOf: (trial) => ({
    trial,
    dataset: 'fashion-mnist',
    dataDirectory: folder,
    weightsPath: null,
    engine: 'tensorflow-cpu',
    checkpoint: null,
  }),
});

/** A run with a scripted trainer; journal, store and claims are real. */
function start(
  train: Trainer,
  options: {
    concurrency?: number;
    pending?: readonly Trial[];
    demand?: RunOptions['demand'];
    plan?: Partial<Plan>;
    pollMilliseconds?: number;
  } = {},
) {
  const events: RunEvent[] = [];
  const journaled: string[] = [];
  const interruption = new AbortController();
  const demand: Demand = { now: options.pending ?? trials, ahead: [] };
  const run = async () => {
    const journal = await JournalWriter.open(journalPath);
    const store = new TrialStore(folder);
    const ledger = new Ledger('tiny', journal, store, await store.readAll(trials.map(({ id }) => id)));
    await runPlan({
      plan: { ...plan, ...options.plan },
      demand: options.demand ?? (() => demand),
      ledger: {
        take: (trial) => ledger.take(trial),
        hasNew: (trial) => ledger.hasNew(trial),
        record: (trial, outcome, claim) => {
          journaled.push(trial.id);
          return ledger.record(trial, outcome, claim);
        },
      },
      ...scripted(options.concurrency ?? 2, train),
      signal: interruption.signal,
      onEvent: (event) => {
        if (event.type === 'ended') expect(journaled).toContain(event.trial.id); // on the disk before it is shown
        events.push(event);
      },
      pollMilliseconds: options.pollMilliseconds ?? 20,
    });
    await journal.close();
    return (await readJournal(journalPath)).outcomes;
  };
  return { events, journaled, interruption, finished: run() };
}

const count = (events: readonly RunEvent[], type: RunEvent['type']) =>
  events.filter((event) => event.type === type).length;

test('runs what is new, and what failed in a way that may end otherwise; the rest when told to', () => {
  const known = new Map<string, TrialOutcome>([
    ['none', completed],
    ['flip', failed],
    ['mask', { ...completed, status: 'diverged', epoch: 1, step: 20 }],
    ['crop', { ...failed, failure: 'timeout' }],
  ]);
  const ids = (options: { force?: boolean; retryFailed?: boolean }) =>
    pendingTrials(plan, known, { force: false, retryFailed: false, ...options }).map(({ id }) => id);
  expect(ids({})).toEqual(['flip']);
  expect(ids({ retryFailed: true })).toEqual(['flip', 'crop']);
  expect(ids({ force: true })).toEqual(['none', 'flip', 'mask', 'crop']);
});

test('one at a time, runs in the plan’s order', async () => {
  const { finished, journaled } = start(() => Promise.resolve(completed), { concurrency: 1 });
  expect([...(await finished).keys()]).toEqual(['none', 'flip', 'mask', 'crop']);
  expect(journaled).toEqual(['none', 'flip', 'mask', 'crop']);
});

test('never more at once than allowed, on distinct slots', async () => {
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
  await finished;
  expect(journaled.toSorted()).toEqual(['crop', 'flip', 'mask', 'none']);
});

test('a failing trial stops nothing else', async () => {
  const { finished } = start((trial) => Promise.resolve(trial.id === 'flip' ? failed : completed));
  const outcomes = await finished;
  expect(outcomes.size).toBe(4);
  for (const [id, { status }] of outcomes) expect(status).toBe(id === 'flip' ? 'failed' : 'completed');
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
    'planned ',
    'started none',
    'ended none',
    'started flip',
    'interrupted flip',
  ]);
});

test('outcomes that cannot be kept end the run with the disk’s error', async () => {
  const trained: string[] = [];
  const journal = await JournalWriter.open('/dev/full');
  const finished = runPlan({
    plan,
    demand: () => ({ now: trials, ahead: [] }),
    ledger: new Ledger('tiny', journal, new TrialStore(folder), new Map()),
    ...scripted(1, ({ id }) => {
      trained.push(id);
      return Promise.resolve(completed);
    }),
    signal: new AbortController().signal,
    onEvent: () => {},
  });
  await expect(finished).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(trained).toEqual(['none']);
  await journal.close();
});

describe('retry', () => {
  test('a failed trial is started again as often as allowed, each failure in the journal', async () => {
    let starts = 0;
    const { finished, journaled, events } = start(
      ({ id }) => Promise.resolve(id === 'flip' && ++starts < 3 ? failed : completed),
      { plan: { maxRetries: 2 } },
    );
    expect((await finished).get('flip')).toEqual(completed);
    expect(journaled.filter((id) => id === 'flip')).toHaveLength(3);
    const retries = events.flatMap((event) => (event.type === 'retried' ? [event.retry] : []));
    expect(retries).toEqual([1, 2]);
    expect(count(events, 'ended')).toBe(4);
  });

  test('no more often, and not one whose failure another attempt would not change', async () => {
    const failures = { none: 'crash', flip: 'timeout', mask: 'configuration', crop: 'engine' } as const;
    const starts = new Map<string, number>();
    const { finished } = start(
      ({ id }) => {
        starts.set(id, (starts.get(id) ?? 0) + 1);
        return Promise.resolve({ ...failed, failure: failures[id as keyof typeof failures] });
      },
      { plan: { maxRetries: 2 }, concurrency: 4 },
    );
    await finished;
    expect(Object.fromEntries(starts)).toEqual({ none: 3, flip: 1, mask: 1, crop: 1 });
  });

  test('out of memory, fewer run at a time, and it is started once more, whatever retry.max says', async () => {
    let running = 0;
    const most: number[] = [];
    const { finished, events } = start(
      async ({ id }) => {
        most.push(++running);
        await new Promise((resolve) => setTimeout(resolve, 20));
        running--;
        return id === 'none' ? { ...failed, failure: 'outOfMemory' } : completed;
      },
      { plan: { maxRetries: 5 } },
    );
    const outcomes = await finished;
    expect(events.flatMap((event) => (event.type === 'narrowed' ? [event.concurrency] : []))).toEqual([1]);
    expect(events.filter((event) => event.type === 'started' && event.trial.id === 'none')).toHaveLength(2);
    expect(Math.max(...most.slice(2))).toBe(1);
    expect([...outcomes.values()].map(({ status }) => status).sort()).toEqual([
      'completed',
      'completed',
      'completed',
      'failed',
    ]);
  });
});

test('of two trials that ran out of memory together, each is started once more', async () => {
  const starts = new Map<string, number>();
  const { finished, events } = start(async ({ id }) => {
    starts.set(id, (starts.get(id) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const together = id === 'none' || id === 'flip';
    return together && starts.get(id) === 1 ? { ...failed, failure: 'outOfMemory' } : completed;
  });
  for (const { status } of (await finished).values()) expect(status).toBe('completed');
  expect(events.flatMap((event) => (event.type === 'narrowed' ? [event.concurrency] : []))).toEqual([1, 1]);
  expect(Object.fromEntries(starts)).toEqual({ none: 2, flip: 2, mask: 1, crop: 1 });
});

test('the slot whose memory ran out is not used again', async () => {
  const slots: number[] = [];
  let without: number | null = null;
  const { finished, events } = start(
    async ({ id }, slot) => {
      slots.push(slot);
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (id !== 'flip' || without !== null) return completed;
      without = slot;
      return { ...failed, failure: 'outOfMemory' };
    },
    { concurrency: 3 },
  );
  for (const { status } of (await finished).values()) expect(status).toBe('completed');
  expect(count(events, 'narrowed')).toBe(1);
  expect(slots.slice(0, 3).sort()).toEqual([0, 1, 2]);
  expect(slots.slice(3)).toHaveLength(2);
  expect(slots.slice(3)).not.toContain(without);
});

test('a failure that repeats on every trial ends the run early and says so', async () => {
  const { finished, events } = start(() => Promise.resolve(failed), { concurrency: 1 });
  expect((await finished).size).toBe(3);
  expect(events.at(-1)).toEqual({
    type: 'stopped',
    reason: 'all of the first 3 trials failed, the last because its process ended with code 1',
  });
});

describe('several runs at once', () => {
  test('train each trial once, and each ends with all outcomes', async () => {
    const trained: string[] = [];
    const train: Trainer = async ({ id }) => {
      trained.push(id);
      await new Promise((resolve) => setTimeout(resolve, 30));
      return completed;
    };
    const runs = [start(train, { concurrency: 1 }), start(train, { concurrency: 1 })];
    const outcomes = await Promise.all(runs.map(({ finished }) => finished));
    expect(trained.toSorted()).toEqual(['crop', 'flip', 'mask', 'none']);
    for (const each of outcomes) expect(each.size).toBe(4);
    for (const { events } of runs) expect(count(events, 'ended') + count(events, 'reused')).toBe(4);
  });

  test('an outcome of a trial that was taken over meanwhile is dropped', async () => {
    const store = new TrialStore(folder);
    let attempt = 0;
    const { finished } = start(async ({ id }) => {
      if (id !== 'none') return completed;
      if (++attempt === 1) {
        // What a process on another host does that saw no sign of life: it moves the claim away and takes it.
        await rename(join(store.claimsDirectory, id), join(store.claimsDirectory, `${id}.moved`));
        const claim = (await store.claim(id)) as ProcessLock;
        setTimeout(() => void claim.release(), 50);
      }
      return { ...completed, parameters: attempt };
    });
    const outcomes = await finished;
    expect(outcomes.get('none')).toMatchObject({ parameters: 2 });
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

  test('when its time is over, it no longer waits for what other processes train', async () => {
    const store = new TrialStore(folder);
    const claim = (await store.claim('none')) as ProcessLock;
    const { finished, events } = start(() => Promise.resolve(completed), {
      plan: { budget: { ...noLimits, maxDurationSeconds: 0.2 } },
    });
    expect([...(await finished).keys()].sort()).toEqual(['crop', 'flip', 'mask']);
    expect(events.at(-1)).toEqual({ type: 'stopped', reason: 'the run took budget.maxDuration, 0.2 s' });
    await claim.release();
  });

  test('when its time is over, a scheduler takes back what waits in its queue, and what runs ends', async () => {
    const events: RunEvent[] = [];
    const waiting = new Set<(outcome: null) => void>();
    let end: ((outcome: TrialOutcome) => void) | undefined;
    const journal = await JournalWriter.open(journalPath);
    await runPlan({
      plan: { ...plan, budget: { ...noLimits, maxDurationSeconds: 0.1 } },
      demand: () => ({ now: trials, ahead: [] }),
      ledger: new Ledger('tiny', journal, new TrialStore(folder), new Map()),
      requestOf: scripted(0, () => Promise.resolve(null)).requestOf,
      executor: {
        slots: 4,
        outlivesProcess: true,
        run: ({ trial }, { onQueued, onProgress }) =>
          new Promise((settle) => {
            onQueued('1_0');
            if (trial !== trials[0]) return waiting.add(settle);
            onProgress({
              epoch: 1,
              step: 1,
              stepsPerEpoch: 2,
              loss: null,
              accuracy: null,
              secondsLeft: null,
            });
            end = settle;
          }),
        withdraw: () => {
          for (const settle of waiting) settle(null);
          setTimeout(() => end!(completed), 20);
        },
      },
      signal: new AbortController().signal,
      onEvent: (event) => events.push(event),
    });
    await journal.close();
    expect(waiting.size).toBe(3);
    expect(events).toContainEqual({ type: 'stopped', reason: 'the run took budget.maxDuration, 0.1 s' });
    expect([count(events, 'ended'), count(events, 'interrupted')]).toEqual([1, 3]);
  });

  test('when its time is over, the running trials end and no others are started', async () => {
    const wait = () => new Promise<TrialOutcome>((resolve) => setTimeout(() => resolve(completed), 30));
    const { finished, events } = start(wait, {
      plan: { budget: { ...noLimits, maxDurationSeconds: 0.001 } },
    });
    expect((await finished).size).toBeLessThan(4);
    expect(count(events, 'started')).toBe(count(events, 'ended'));
    expect(count(events, 'stopped')).toBe(1);
  });
});

describe('a demand that grows', () => {
  const idsOf = (rounds: readonly (readonly string[])[]) => rounds.map((ids) => ids.map(trialOf));
  const trialOf = (id: string): Trial => ({ ...trials[0]!, id, label: id });
  const names = [
    ['a1', 'b1'],
    ['a2', 'b2'],
    ['a3', 'b3'],
    ['a4', 'b4'],
  ];

  /** Rounds of two trials, each wanted when the one before has ended; after round `last` nothing more. */
  const inRounds =
    (last: number): RunOptions['demand'] =>
    (ended) => {
      const rounds = idsOf(names);
      const done = rounds.findIndex((round) => !round.every(({ id }) => ended.has(id)));
      const needed = Math.min(done === -1 ? rounds.length : done + 1, last);
      const isOver = rounds.slice(0, last).every((round) => round.every(({ id }) => ended.has(id)));
      return { now: rounds.slice(0, needed).flat(), ahead: isOver ? [] : rounds.slice(needed) };
    };
  const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const begun = (events: readonly RunEvent[]) =>
    events.flatMap((event) => (event.type === 'started' ? [event.trial.id] : []));

  test('one at a time, nothing is begun ahead, and the run ends when nothing more is wanted', async () => {
    const { finished, events } = start(() => Promise.resolve(completed), {
      concurrency: 1,
      demand: inRounds(2),
    });
    expect([...(await finished).keys()]).toEqual(['a1', 'b1', 'a2', 'b2']);
    expect(begun(events)).toEqual(['a1', 'b1', 'a2', 'b2']);
  });

  test('idle slots begin whole rounds ahead; what is not wanted any more is ended, and its slot is free', async () => {
    const signals = new Map<string, AbortSignal>();
    const { finished, events } = start(
      async ({ id }, _slot, { signal }) => {
        signals.set(id, signal);
        const isAhead = /[34]/.test(id);
        while (isAhead ? !signal.aborted : id === 'b2' && !begun(events).some((other) => /[34]/.test(other)))
          await sleep(5);
        return signal.aborted ? null : completed;
      },
      { concurrency: 3, demand: inRounds(2) },
    );
    const outcomes = await finished;
    expect([...outcomes.keys()].toSorted()).toEqual(['a1', 'a2', 'b1', 'b2']);
    const dropped = events.flatMap((event) => (event.type === 'dropped' ? [event.trial.id] : []));
    expect(dropped.length).toBeGreaterThan(0);
    for (const id of dropped) expect(signals.get(id)!.aborted).toBe(true);
    expect(count(events, 'interrupted')).toBe(0);
  });

  test('never more at once than allowed, and the board knows how many there are', async () => {
    let running = 0;
    const { finished, events } = start(
      async () => {
        expect(++running).toBeLessThanOrEqual(3);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        return completed;
      },
      { concurrency: 3, demand: inRounds(4) },
    );
    expect((await finished).size).toBe(8);
    const planned = events.flatMap((event) => (event.type === 'planned' ? [[event.trials, event.most]] : []));
    expect(planned[0]).toEqual([4, 8]); // one round, and one ahead for the third slot
    expect(planned.at(-1)).toEqual([8, 8]);
  });

  test('a wanted trial that another process trains keeps no slot idle', async () => {
    const store = new TrialStore(folder);
    const claim = (await store.claim('a1')) as ProcessLock;
    const { finished, events } = start(() => Promise.resolve(completed), {
      concurrency: 1,
      demand: inRounds(4),
    });
    while (!begun(events).includes('b4')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(begun(events)).not.toContain('a1');
    await claim.release();
    expect((await finished).size).toBe(8);
  });

  test('limits hold between rounds too', async () => {
    const { finished, events } = start(() => Promise.resolve(failed), {
      concurrency: 1,
      demand: inRounds(4),
      plan: { budget: { ...noLimits, maxFailedTrials: 1 } },
    });
    expect([...(await finished).keys()]).toEqual(['a1', 'b1']);
    expect(events.at(-1)).toMatchObject({ type: 'stopped' });
  });

  test('an interruption starts no further round', async () => {
    const run = start(
      ({ id }) => {
        if (id === 'b1') run.interruption.abort();
        return Promise.resolve(completed);
      },
      { concurrency: 1, demand: inRounds(4) },
    );
    expect([...(await run.finished).keys()]).toEqual(['a1', 'b1']);
  });

  test('where memory runs out, the slot that is left begins nothing ahead of what is wanted', async () => {
    let first = true;
    const { finished, events } = start(
      async ({ id }) => {
        if (id === 'a1' && first) {
          first = false; // at once, while b1 runs
          return { ...failed, failure: 'outOfMemory' };
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
        return completed;
      },
      { concurrency: 2, demand: inRounds(3) },
    );
    expect((await finished).size).toBe(6);
    expect(count(events, 'narrowed')).toBe(1);
    expect(begun(events).slice(0, 2).toSorted()).toEqual(['a1', 'b1']); // together
    expect(begun(events).slice(2)).toEqual(['a1', 'a2', 'b2', 'a3', 'b3']);
  });

  test('what was trained ahead in vain is counted, so the board never shows more ended than there are', async () => {
    const { finished, events } = start(
      async ({ id }) => {
        while (id === 'b2' && count(events, 'ended') < 4) await sleep(5);
        return completed;
      },
      { concurrency: 3, demand: inRounds(2) },
    );
    const outcomes = await finished;
    expect(outcomes.size).toBeGreaterThan(4);
    expect(outcomes.size).toBe(count(events, 'ended'));
    let [ended, trials] = [0, 0];
    for (const event of events) {
      if (event.type === 'planned') trials = event.trials;
      if (event.type === 'ended') ended++;
      expect(ended).toBeLessThanOrEqual(trials);
    }
    expect(trials).toBe(ended);
  });

  test('of what is dropped, an outcome that comes all the same is kept, and no failure is started again', async () => {
    const { finished, events } = start(
      async ({ id }, _slot, { signal }) => {
        while (id === 'b2' && !['a3', 'b3'].every((ahead) => begun(events).includes(ahead))) await sleep(5);
        if (!/[34]/.test(id)) return completed;
        while (!signal.aborted) await sleep(5);
        return id.startsWith('a') ? completed : failed; // it had ended when it was told to
      },
      { concurrency: 3, demand: inRounds(2), plan: { maxRetries: 2 } },
    );
    const outcomes = await finished;
    expect(outcomes.get('a3')).toEqual(completed);
    expect(outcomes.get('b3')).toEqual(failed);
    expect(count(events, 'retried') + count(events, 'dropped')).toBe(0);
    expect(begun(events)).toHaveLength(6);
  });

  test('what becomes unnecessary while it is being claimed is not begun', async () => {
    const store = new TrialStore(folder);
    let isOver = false;
    const journal = await JournalWriter.open(journalPath);
    const ledger = new Ledger('tiny', journal, store, new Map());
    const trained: string[] = [];
    let letClaim!: () => void;
    const notWanted = new Promise<void>((resolve) => (letClaim = resolve));
    await runPlan({
      plan,
      demand: () => ({
        now: [trialOf('a1')],
        ahead: isOver ? [] : [[trialOf('a2')]],
      }),
      ledger: {
        take: async (trial) => {
          if (trial.id === 'a2') await notWanted;
          return ledger.take(trial);
        },
        hasNew: (trial) => ledger.hasNew(trial),
        record: (trial, outcome, claim) => ledger.record(trial, outcome, claim),
      },
      ...scripted(2, async ({ id }) => {
        trained.push(id);
        await sleep(20);
        isOver = true;
        return completed;
      }),
      signal: new AbortController().signal,
      onEvent: ({ type }) => {
        if (type === 'planned' && isOver) letClaim(); // what is wanted has been looked at again
      },
    });
    await journal.close();
    expect(trained).toEqual(['a1']);
    expect(await store.claim('a2')).toHaveProperty('release'); // it was given back
  });

  test('before a round ahead is begun, what another process was training is looked at again', async () => {
    const store = new TrialStore(folder);
    const claim = (await store.claim('a1')) as ProcessLock;
    const elsewhereJournal = await JournalWriter.open(join(folder, 'other', 'journal.jsonl'));
    const other = new Ledger('other', elsewhereJournal, store, new Map());
    const { finished, events } = start(
      async ({ id }) => {
        if (id === 'a2') {
          await other.record(trialOf('a1'), completed, claim);
          await claim.release();
        }
        await sleep(10);
        return completed;
      },
      { concurrency: 1, demand: inRounds(2) },
    );
    expect([...(await finished).keys()].toSorted()).toEqual(['a2', 'b1', 'b2']); // a1 is in the store
    expect(events.flatMap((event) => (event.type === 'reused' ? [event.trial.id] : []))).toEqual(['a1']);
    expect(begun(events)).toEqual(['b1', 'a2', 'b2']);
    await elsewhereJournal.close();
  });

  test('what another process trains, and no verdict needs any more, is not waited for', async () => {
    const claim = (await new TrialStore(folder).claim('a3')) as ProcessLock;
    const { finished, events } = start(
      async ({ id }) => {
        while (id === 'b2' && count(events, 'elsewhere') === 0) await sleep(5);
        return completed;
      },
      { concurrency: 3, demand: inRounds(2), pollMilliseconds: 600_000 }, // a wait would not end
    );
    await finished;
    expect(count(events, 'elsewhere')).toBe(1);
    expect(events.at(-1)!.type).toBe('planned');
    await claim.release();
  });

  test('past its time no round ahead is begun, though all that is needed now has been', async () => {
    const { finished, events } = start(
      async ({ id }) => {
        await sleep(id === 'a1' ? 200 : 50);
        return completed;
      },
      { concurrency: 2, demand: inRounds(4), plan: { budget: { ...noLimits, maxDurationSeconds: 0.02 } } },
    );
    expect([...(await finished).keys()].toSorted()).toEqual(['a1', 'b1']);
    expect(begun(events)).toHaveLength(2);
    expect(count(events, 'stopped')).toBe(1);
  });
});
