import { expect, test } from 'vitest';
import type { Trial } from '../../../src/plan/plan.js';
import type { TrialState } from '../../../src/plan/trial-state.js';
import { describeStatus } from '../../../src/report/boards/describe-status.js';
import { changesBetween, openPlainStatusBoard } from '../../../src/report/boards/status-board.js';
import { statusToJson } from '../../../src/report/boards/status-to-json.js';
import { sweepStatus } from '../../../src/report/boards/sweep-status.js';
import type { ClaimedTrial } from '../../../src/run/claimed-trials.js';
import type { ProgressRecord } from '../../../src/run/trial-progress.js';
import { comparisonPlan } from '../comparison-plan.js';

const { plan, outcomes } = comparisonPlan(
  'augmentation',
  new Map([
    ['none', [0.8, 'diverged']],
    ['flip', ['failed', 0.81]],
    ['mask', ['missing', 'missing']],
  ]),
);
const trialOf = (id: string): Trial => plan.trials.find((trial) => trial.id === id)!;
const [mask2017, mask2018] = ['2-2017', '2-2018'].map(trialOf) as [Trial, Trial];

const lastEpoch = {
  epoch: 1,
  trainLoss: 0.9,
  trainAccuracy: 0.7,
  valLoss: 1,
  valAccuracy: 0.65,
  seconds: 12,
};
const progress = { epoch: 2, step: 0, stepsPerEpoch: 10, loss: null, accuracy: null, secondsLeft: 90 };
const record: ProgressRecord = {
  version: 1,
  experiment: 'tiny',
  startedAt: '2026-11-26T02:17:26.349Z',
  at: '2026-11-26T02:17:27.349Z',
  retry: 0,
  progress,
  lastEpoch,
};

function claimed(
  trial: Trial,
  changes: Partial<ProgressRecord> | null,
  isAlive = true,
  isHere = true,
): ClaimedTrial {
  const owner = { pid: 123, processSpace: 'vm', startTime: null, token: 't' };
  return { trial, claim: { owner, isAlive, isHere }, record: changes && { ...record, ...changes } };
}

function statusOf(
  claims: readonly ClaimedTrial[],
  known = outcomes,
  states: Record<string, TrialState> = {},
) {
  const stateOf = (id: string): TrialState => {
    const outcome = known.get(id);
    if (!outcome) return 'new';
    return outcome.status === 'failed' ? 'retryable' : 'done';
  };
  const all = new Map(plan.trials.map(({ id }) => [id, states[id] ?? stateOf(id)]));
  return sweepStatus(plan, known, all, claims);
}

const misses = `
0-2018: diverged, loss not finite in epoch 1 at step 20
1-2017: failed (crash), its process ended; log: x.log`;

test.each([
  [
    'while trials run: the run’s board, with the figures of the last epoch until there are newer ones',
    statusOf([claimed(mask2017, {}), claimed(mask2018, { progress: null, lastEpoch: null, retry: 1 })]),
    `██████████░░░░░░ 4/6 trials · 1 failed · 1 diverged · about 1 s left
  ░░░░░░░░░░░░░░░░ 2-2017 · epoch 2/50 · step 0/10 · loss 0.9000 · accuracy 0.7000 · 2 min left
  ░░░░░░░░░░░░░░░░ 2-2018 · started again, number 1

2 trials train now, by process 123; 1 is left.
${misses}`,
  ],
  [
    'of a run that was killed',
    statusOf([claimed(mask2017, {}, false)]),
    `██████████░░░░░░ 4/6 trials · 1 failed · 1 diverged

2-2017 was begun in epoch 2/50, but its process 123 is gone.
Nothing trains now: 4 trials ended, 3 are left.
next: runner tiny.yaml
${misses}`,
  ],
  [
    'of a run on another host that is silent',
    statusOf([claimed(mask2017, null, false, false)], new Map()),
    `░░░░░░░░░░░░░░░░ 0/6 trials

2-2017 was begun, but its process 123 on another host has shown no life for a minute.
Nothing trains now: 0 trials ended, 6 are left.
next: runner tiny.yaml`,
  ],
  [
    'where verdicts may come before',
    statusOf(
      [claimed(mask2017, { progress: { ...progress, step: 5, loss: 0.5, accuracy: 0.9 } }, true, false)],
      new Map(),
      {
        '1-2018': 'if-undecided',
        '2-2018': 'not-needed',
      },
    ),
    `░░░░░░░░░░░░░░░░ 0/4 trials · at most 1 more
  ░░░░░░░░░░░░░░░░ 2-2017 · epoch 2/50 · step 5/10 · loss 0.5000 · accuracy 0.9000 · 2 min left

1 trial trains now, by process 123 on another host; 3 are left, and at most 1 more if no verdict comes before.`,
  ],
])('%s', (_title, status, text) => {
  expect(describeStatus(status, 'tiny.yaml', 100)).toBe(text);
});

test('what was trained and nothing is left', () => {
  const completed = outcomes.get('0-2017')!;
  const all = new Map(plan.trials.map(({ id }) => [id, completed]));
  expect(describeStatus(statusOf([], all), 'tiny.yaml', 100)).toBe(
    '████████████████ 6/6 trials\n\nNothing trains now: 6 trials ended, none is left.',
  );
});

test('for programs', () => {
  const status = statusOf([claimed(mask2017, {}), claimed(mask2018, {}, false)]);
  expect(statusToJson(status, 'results/tiny')).toMatchObject({
    name: plan.name,
    directory: 'results/tiny',
    state: 'training',
    counts: { trials: 6, ifUndecided: 0, completed: 2, diverged: 1, failed: 1, running: 1, left: 2 },
    running: [{ trial: '2-2017', pid: 123, isOnThisHost: true, epochs: 50, progress, lastEpoch }],
    abandoned: [{ trial: '2-2018', pid: 123 }],
    left: [{ trial: '1-2017' }, { trial: '2-2018' }],
    withoutResult: [
      { trial: '0-2018', status: 'diverged', epoch: 1, step: 20 },
      { trial: '1-2017', status: 'failed', failure: 'crash', cause: 'its process ended', logFile: 'x.log' },
    ],
  });
  expect(statusToJson(statusOf([]), 'x')).toMatchObject({ state: 'stopped', secondsLeft: null });
});

test('what happens between two looks', () => {
  const [completed, failed] = ['0-2017', '1-2017'].map((id) => outcomes.get(id)!) as [never, never];
  const looks = [
    statusOf([]),
    statusOf([claimed(mask2017, { lastEpoch: null }), claimed(mask2018, null)]),
    statusOf([claimed(mask2017, {}), claimed(mask2018, null), claimed(trialOf('1-2017'), null)]),
    statusOf([claimed(mask2017, { lastEpoch: { ...lastEpoch, epoch: 3 } }), claimed(mask2018, { retry: 1 })]),
    statusOf([claimed(mask2018, {})], new Map([...outcomes, ['2-2017', completed], ['1-2017', failed]])),
    statusOf([], new Map([...outcomes, ['2-2017', completed]])),
  ];
  const lines: string[] = [];
  const board = openPlainStatusBoard(looks[0]!, (line) => lines.push(line));
  for (const look of looks.slice(1)) board.show(look);
  expect(lines).toEqual(
    [
      'started 2-2017',
      'started 2-2018',
      '2-2017: epoch 1/50, loss 0.9000, val accuracy 0.6500, 12 s',
      'started 1-2017',
      '[4/6 trials · 1 failed · 1 diverged · about 1 s left] failed 1-2017: failed (crash), its process ended; log: x.log',
      '2-2017: epoch 3/50, loss 0.9000, val accuracy 0.6500, 12 s',
      'started 2-2018',
      '2-2018: epoch 1/50, loss 0.9000, val accuracy 0.6500, 12 s',
      '[5/6 trials · 1 failed · 1 diverged · about 1 s left] completed 2-2017: val accuracy 0.8000, 1 s',
      '2-2018: interrupted',
    ].map((line) => expect.stringContaining(line) as string),
  );
  expect(changesBetween(looks[0]!, looks[0]!)).toEqual([]);
});
