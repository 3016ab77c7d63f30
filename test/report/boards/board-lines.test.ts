import { expect, test } from 'vitest';
import { displayWidth } from '../../../src/diagnostics/display-width.js';
import {
  progressBar,
  totalsLine,
  trialLines,
  type RunningTrial,
} from '../../../src/report/boards/board-lines.js';
import { Totals } from '../../../src/report/boards/totals.js';
import type { TrialOutcome } from '../../../src/trial/outcome.js';

const measured = { epochs: [], parameters: 1, trainSeconds: 60, peakBytes: 1, engine: 'tensorflow-cpu' };
const outcomes: Record<string, TrialOutcome> = {
  completed: { ...measured, status: 'completed' },
  diverged: { ...measured, status: 'diverged', epoch: 1, step: 3 },
  failed: { status: 'failed', failure: 'crash', cause: 'it was killed by SIGKILL', logFile: 'log' },
};

function totalsOf(trials: number, ...statuses: readonly string[]): Totals {
  const totals = new Totals(trials, 2);
  for (const status of statuses) totals.count(outcomes[status]!);
  return totals;
}

const flip: RunningTrial = {
  label: 'augmentation=flip seed=2017',
  epochs: 5,
  progress: { epoch: 3, step: 16, stepsPerEpoch: 32, loss: 0.53214, accuracy: 0.81234, secondsLeft: 12 },
  state: '',
};

test.each([
  [0, '░░░░░░░░'],
  [0.124, '░░░░░░░░'],
  [0.125, '█░░░░░░░'],
  [0.999, '███████░'], // full only where all is done
  [1, '████████'],
  [1.2, '████████'],
])('a share of %d is %s', (share, shown) => {
  expect(progressBar(share, 8)).toBe(shown);
});

test.each([
  [97, '████████░░░░░░░░ 3/6 trials · 1 failed · 1 diverged · about 2 min left'],
  [57, '████░░░░░ 3/6 · 1 failed · 1 diverged · 2 min left'],
  [37, '███░░░ 3/6 · ✖ 1 · ⚠ 1 · 2 min'],
  [27, '███░░░ 3/6 · ✖ 1 · ⚠ 1'],
  [17, '███░░░ 3/6'],
])('the totals in %d cells', (width, line) => {
  expect(totalsLine(totalsOf(6, 'completed', 'diverged', 'failed'), [], width)).toBe(line);
});

test('the share of the running trials counts, in the bar and in the time left', () => {
  expect(totalsLine(totalsOf(2, 'completed'), [], 37)).toBe('███░░░ 1/2 trials · about 1 min left');
  expect(totalsLine(totalsOf(2, 'completed'), [flip], 37)).toBe('████░░ 1/2 trials · about 30 s left');
  expect(totalsLine(totalsOf(2, 'completed', 'completed'), [], 37)).toBe('██████ 2/2 trials');
});

test.each<[number, string[]]>([
  [
    130,
    [
      '██████████░░░░░░░░░░ augmentation=flip seed=2017 · epoch 3/5 · step 16/32 · loss 0.5321 · accuracy 0.8123 · 12 s left',
    ],
  ],
  [
    107,
    ['████████░░░░░░░░░ augmentation=flip seed=2017 · epoch 3/5 · loss 0.5321 · accuracy 0.8123 · 12 s left'],
  ],
  [77, ['augmentation=flip seed=2017', '██████░░░░░░ epoch 3/5 · loss 0.5321 · accuracy 0.8123 · 12 s left']],
  [57, ['augmentation=flip seed=2017', '████░░░░░ 3/5 · loss 0.53 · acc 0.81 · 12 s left']],
  [37, ['augmentation=flip seed=2017', '███░░░ 3/5 loss 0.53 acc 0.81 12 s']],
  [27, ['augmentation=flip seed=2017', '███░░░ 3/5 acc 0.81 12 s']],
  [17, ['augmenta…eed=2017', '███░░░ 3/5']],
])('a running trial in %d cells', (width, lines) => {
  expect(trialLines(flip, width)).toEqual(lines);
});

test('a trial without progress shows its state', () => {
  expect(trialLines({ ...flip, progress: null, state: 'starting' }, 37)).toEqual([
    'augmentation=flip seed=2017',
    '░░░░░░ starting',
  ]);
});

test('no line is wider than its cells, from 1 to 200, whatever the label and the numbers', () => {
  const labels = ['seed=1', 'augmentation=' + 'x'.repeat(300), 'augmentation=反転と切り抜き seed=2017', '👩‍👩‍👧'];
  const totals = [totalsOf(6), totalsOf(123_456, 'failed', 'diverged', 'completed')];
  for (let width = 1; width <= 200; width++) {
    for (const label of labels) {
      const trials = [
        { ...flip, label },
        { ...flip, label, epochs: 1000, progress: { ...flip.progress!, epoch: 999, loss: 123_456.7 } },
        { ...flip, label, progress: null, state: 'started again, number 1' },
      ];
      for (const line of trials.flatMap((trial) => trialLines(trial, width)))
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
    for (const each of totals)
      expect(displayWidth(totalsLine(each, [flip], width))).toBeLessThanOrEqual(width);
  }
});

test('a running design says how many more there may be, where there is room', () => {
  const totals = totalsOf(6, 'completed');
  totals.plan({ trials: 8, most: 40 });
  expect(totalsLine(totals, [], 97)).toBe('██░░░░░░░░░░░░░░ 1/8 trials · at most 32 more · about 4 min left');
  expect(totalsLine(totals, [], 37)).toBe('░░░░░░ 1/8 · 4 min left');
  expect(totals.describe()).toBe('1/8 trials · at most 32 more · about 4 min left');
});
