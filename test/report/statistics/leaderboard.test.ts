import { describe, expect, test } from 'vitest';
import type { Cell, Plan, Trial } from '../../../src/plan/plan.js';
import { analyse } from '../../../src/report/analyse.js';
import epochs from '../../../src/report/outputs/epochs.js';
import leaderboard from '../../../src/report/outputs/leaderboard.js';
import trialsOutput from '../../../src/report/outputs/trials.js';
import type { TrialOutcome } from '../../../src/trial/outcome.js';
import { describeLeaderboard } from '../../../src/report/text/leaderboard-table.js';
import { comparisonPlan, type Result } from '../comparison-plan.js';
import { contextOf, fashionMnistAsPlanned, noLimits, paramsOf } from '../../params.js';

const params = paramsOf();
const seeds = [2017, 2018, 2019];
const cells: Cell[] = ['none', 'flip', 'mask, "wide"'].map((augmentation, index) => ({
  index,
  axes: { augmentation },
  params,
  data: { validation: 'test' },
}));
const trials: Trial[] = seeds.flatMap((seed) =>
  cells.map(({ index, axes }) => ({
    id: `${axes['augmentation']}-${seed}`,
    cellIndex: index,
    label: `augmentation=${axes['augmentation']} seed=${seed}`,
    seed,
    params,
    data: { validation: 'test' },
    context: contextOf(),
  })),
);
const plan: Plan = {
  name: 'flip-vs-mask',
  description: '',
  axes: [{ name: 'augmentation', values: ['none', 'flip', 'mask, "wide"'] }],
  cells,
  trials,
  seeds,
  datasets: [fashionMnistAsPlanned],
  untilDecided: null,
  metric: { name: 'valAccuracy', goal: 'maximize', select: 'best' },
  arithmetic: {
    grids: [{ mode: 'product', factors: [{ name: 'augmentation', count: 3, conditional: false }] }],
    gridCells: 3,
    excluded: [],
    included: 0,
    identical: 0,
    overridden: [],
    cells: 3,
    fewestSeeds: 3,
    seeds: 3,
    trials: 9,
  },
  comparisons: [],
  judging: { stopping: 'anytime', margin: null },
  budget: noLimits,
  maxRetries: 0,
  maxConcurrentTrials: 'auto',
  checkpointEveryEpochs: 1,
  saveModels: 'none',
};

const completed = (...accuracies: number[]): TrialOutcome => ({
  status: 'completed',
  epochs: accuracies.map((valAccuracy, index) => ({
    epoch: index + 1,
    trainLoss: 1,
    trainAccuracy: 0.5,
    valLoss: 1 - valAccuracy,
    valAccuracy,
    seconds: 2,
  })),
  parameters: 221_114,
  trainSeconds: 4,
  peakBytes: 500_000_000,
  engine: 'tensorflow-cpu',
});

const outcomes = new Map<string, TrialOutcome>([
  ['none-2017', completed(0.7, 0.8)],
  ['none-2018', completed(0.82, 0.81)],
  ['none-2019', completed(0.7, 0.81)],
  ['flip-2017', completed(0.9, 0.85)],
  ['flip-2018', completed(0.9, 0.91)],
  ['flip-2019', completed(0.89, 0.85)],
  ['mask, "wide"-2017', completed(0.99, 0.99)],
  [
    'mask, "wide"-2018',
    { status: 'failed', failure: 'crash', cause: 'its process was ended by SIGKILL', logFile: 'x.log' },
  ],
]);

test('ranks complete cells by their mean and keeps incomplete ones apart, however good', () => {
  const rows = analyse(plan, outcomes).leaderboard;
  expect(
    rows.map(({ rank, cell, n, missingSeeds }) => [rank, cell.axes['augmentation'], n, missingSeeds]),
  ).toEqual([
    [1, 'flip', 3, []],
    [2, 'none', 3, []],
    [null, 'mask, "wide"', 1, [2018, 2019]],
  ]);
  expect(rows[0]!.mean).toBeCloseTo(0.9, 12);
  expect(rows[1]!.mean).toBeCloseTo(0.81, 12);
  expect(rows.map(({ tiedWithTop }) => tiedWithTop)).toEqual([true, true, null]); // three seeds tell nothing apart
});

test('takes the last epoch, or the lowest loss, where the metric says so', () => {
  const last: Plan = { ...plan, metric: { ...plan.metric, select: 'last' } };
  expect(analyse(last, outcomes).leaderboard[0]!.mean).toBeCloseTo((0.85 + 0.91 + 0.85) / 3, 12);
  const loss: Plan = { ...plan, metric: { name: 'valLoss', goal: 'minimize', select: 'best' } };
  expect(analyse(loss, outcomes).leaderboard[0]!.mean).toBeCloseTo(0.1, 12);
});

test('CSV: RFC 4180, LF, a header, an empty field for what is unknown', () => {
  const report = analyse(plan, outcomes);
  const lines = leaderboard.render(report, null)!.split('\n');
  expect(lines[0]).toBe(
    'rank,augmentation,n,val_accuracy_mean,val_accuracy_sd,ci95_low,ci95_high,min,max,tied_with_top,' +
      'best_epoch_mean,train_seconds_mean,parameters,diverged,missing_seeds',
  );
  expect(lines[3]).toBe(',"mask, ""wide""",1,0.99,,,,0.99,0.99,,1,4,221114,0,2018 2019');
  expect(lines).toHaveLength(5);
  expect(lines[4]).toBe('');
  expect(trialsOutput.render(report, null)).toContain(
    '"mask, ""wide""-2018","mask, ""wide""",2018,failed,,,,,,,,,,,,crash,its process was ended by SIGKILL,,\n',
  );
  expect(epochs.render(report, null)!.split('\n')).toHaveLength(1 + 7 * 2 + 1);
});

describe('equal means', () => {
  /** 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1 in floating point: the means are equal but for rounding. */
  const equal = [
    [0.1, 0.2, 0.3],
    [0.3, 0.2, 0.1],
  ] as const;
  const reportOf = (cells: Record<string, Result[]>) => {
    const compared = comparisonPlan('augmentation', new Map(Object.entries(cells)));
    return analyse(compared.plan, compared.outcomes);
  };
  const ranksOf = (cells: Record<string, Result[]>) =>
    reportOf(cells).leaderboard.map(({ rank, cell }) => [rank, cell.axes['augmentation']]);

  test('have the same rank, and the next rank counts them', () => {
    expect((0.1 + 0.2 + 0.3) / 3).not.toBe((0.3 + 0.2 + 0.1) / 3);
    for (const [a, b] of [equal, equal.toReversed()] as const)
      expect(ranksOf({ worst: [0, 0, 0.1], a: [...a], b: [...b], other: [0.05, 0, 0.05] })).toEqual([
        [1, 'a'],
        [1, 'b'],
        [3, 'worst'],
        [3, 'other'],
      ]);
    expect(ranksOf({ a: [0.2, 0.2, 0.2], top: [0.9, 0.9, 0.9], b: [...equal[0]], c: [...equal[1]] })).toEqual(
      [
        [1, 'top'],
        [2, 'a'],
        [2, 'b'],
        [2, 'c'],
      ],
    );
  });

  test('differ where one image of 60,000 does', () => {
    expect(ranksOf({ a: [53_999 / 60_000, 0.9], b: [0.9, 0.9] })).toEqual([
      [1, 'b'],
      [2, 'a'],
    ]);
  });

  test('are not ranks of incomplete cells', () => {
    expect(ranksOf({ a: [0.5, 'missing'], b: [0.5, 0.5], c: [0.5, 'missing'] })).toEqual([
      [1, 'b'],
      [null, 'a'],
      [null, 'c'],
    ]);
  });

  test('stand in the file and in the terminal; several at the top need no note, they are the top', () => {
    const report = reportOf({ a: [...equal[0]], b: [...equal[1]], c: [0.1, 0.2, 0.29] });
    expect(report.leaderboard.map(({ tiedWithTop }) => tiedWithTop)).toEqual([true, true, true]);
    expect(leaderboard.render(report, null)!.match(/^\d/gm)).toEqual(['1', '1', '3']);
    const notes = describeLeaderboard(report).split('\n').slice(1);
    expect(notes.map((line) => [line[0], line.includes('tied with the top')])).toEqual([
      ['1', false],
      ['1', false],
      ['3', true],
    ]);
  });
});

describe('an interval that leaves what the metric can be', () => {
  const notesOf = (results: Result[], name: 'valAccuracy' | 'valLoss' = 'valAccuracy') => {
    const goal = name === 'valAccuracy' ? 'maximize' : 'minimize';
    const compared = comparisonPlan('augmentation', new Map([['a', results]]), {
      name,
      goal,
      select: 'last',
    });
    return describeLeaderboard(analyse(compared.plan, compared.outcomes)).split('\n')[1];
  };

  test.each<[string, Result[], 'valAccuracy' | 'valLoss', string]>([
    ['below 0', [0.04, 0.13], 'valAccuracy', '2 seeds too few: the interval leaves 0 to 1'],
    ['above 1', [0.99, 0.93, 0.98], 'valAccuracy', '3 seeds too few: the interval leaves 0 to 1'],
    ['a loss below 0', [0.1, 0.9], 'valLoss', '2 seeds too few: the interval leaves what a loss can be'],
  ])('is noted: %s', (_, results, name, note) => {
    expect(notesOf(results, name)).toContain(note);
  });

  test('is not noted where it does not, nor of a loss above 1', () => {
    expect(notesOf([0.5, 0.51, 0.52])).not.toContain('too few');
    expect(notesOf([1.5, 1.51, 1.52], 'valLoss')).not.toContain('too few');
  });
});
