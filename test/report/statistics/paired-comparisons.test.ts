import { describe, expect, test } from 'vitest';
import { describeSelectionHint } from '../../../src/report/text/selection-hint.js';
import { analyse } from '../../../src/report/analyse.js';
import output from '../../../src/report/outputs/comparisons.js';
import { describeComparison } from '../../../src/report/text/describe-comparison.js';
import { describeResults } from '../../../src/report/text/describe-results.js';
import { comparisonPlan, type Result } from '../comparison-plan.js';

const none = [0.82, 0.81, 0.83, 0.82, 0.8, 0.81];
const plus = (...differences: number[]) => none.map((value, i) => value + differences[i]!);

/** Each with its verdict and its sentence, against `none`. */
const cases: [name: string, results: Result[], verdict: string, sentence: string][] = [
  [
    'better in every seed',
    plus(0.01, 0.012, 0.008, 0.011, 0.009, 0.01),
    'better',
    'flip beats none by 1.00 points (95 % 0.85 to 1.15, 6 seeds, Holm p < 0.001)',
  ],
  [
    'worse in every seed',
    plus(-0.01, -0.012, -0.008, -0.011, -0.009, -0.01),
    'worse',
    'flip loses to none by 1.00 points (95 % 0.85 to 1.15, 6 seeds, Holm p < 0.001)',
  ],
  [
    'now ahead, now behind',
    plus(0.01, -0.012, 0.008, -0.011, 0.009, 0.002),
    'no-clear-difference',
    'no clear difference between flip and none: flip ahead by 0.10 points (95 % −0.96 to 1.16, 6 seeds, Holm p 0.818)',
  ],
  [
    'five seeds cannot tell',
    [...plus(0.01, 0.012, 0.008, 0.011, 0.009, 0).slice(0, 5)],
    'too-few-seeds',
    'too few seeds to tell flip from none, 5 of at least 6: flip ahead by 1.00 points (95 % 0.80 to 1.20)',
  ],
  [
    'one diverged, one missing',
    [0.83, 'diverged', 0.84, 'missing', 0.81, 0.82],
    'incomplete',
    'flip against none is incomplete, 4 of 6 seeds (1 diverged, 1 missing); so far flip ahead by 1.00 points',
  ],
];

describe('verdict and sentence', () => {
  test.each(cases)('%s', (_, flip, verdict, sentence) => {
    const { plan, outcomes } = comparisonPlan(
      'augmentation',
      new Map<string, Result[]>([
        ['none', none.slice(0, flip.length)],
        ['flip', flip],
      ]),
    );
    const [comparison] = analyse(plan, outcomes).comparisons;
    expect(comparison!.verdict).toBe(verdict);
    expect(describeComparison(comparison!, plan)).toBe(sentence);
  });

  test('a lower loss is better, in nats, and a number is named with its axis', () => {
    const { plan, outcomes } = comparisonPlan(
      'dropout',
      new Map([
        [0, none],
        [0.2, plus(-0.1, -0.12, -0.08, -0.11, -0.09, -0.1)],
      ]),
      { name: 'valLoss', goal: 'minimize', select: 'last' },
    );
    const [comparison] = analyse(plan, outcomes).comparisons;
    expect(comparison).toMatchObject({ verdict: 'better', wins: 6, losses: 0 });
    expect(describeComparison(comparison!, plan)).toBe(
      'dropout 0.2 beats dropout 0 by 0.1000 nats (95 % 0.0852 to 0.1148, 6 seeds, Holm p < 0.001)',
    );
  });
});

const three = comparisonPlan(
  'augmentation',
  new Map([
    ['none', none],
    ['flip', plus(0.01, 0.012, 0.008, 0.011, 0.009, 0.01)],
    ['mask', plus(0.01, -0.012, 0.008, -0.011, 0.009, 0.002)],
    ['both', plus(0.004, 0.001, 0.003, -0.001, 0.002, 0.003)],
  ]),
);

test('Holm is over all comparisons: more of them, and a difference is no longer clear', () => {
  const one = { ...three.plan, comparisons: [three.plan.comparisons[2]!] };
  const alone = analyse(one, three.outcomes).comparisons;
  const family = analyse(three.plan, three.outcomes).comparisons;
  expect(alone[0]!.tP).toBe(family[2]!.tP);
  expect(alone[0]!.holmP).toBe(alone[0]!.tP);
  expect(family[2]!.holmP).toBeCloseTo(2 * family[2]!.tP!, 12); // the second smallest of three
  expect(family.map(({ wins, ties, losses }) => [wins, ties, losses])).toEqual([
    [6, 0, 0],
    [4, 0, 2],
    [5, 0, 1],
  ]);
});

test('an incomplete comparison takes its place in the family: a p can only fall when it arrives', () => {
  const outcomes = new Map(three.outcomes);
  outcomes.delete('2-2017');
  const [flip, mask] = analyse(three.plan, outcomes).comparisons;
  expect(mask).toMatchObject({ verdict: 'incomplete', holmP: null, missingSeeds: [2017] });
  expect(flip!.holmP).toBeCloseTo(3 * flip!.tP!, 12);
});

test('comparisons.csv: one row a comparison, both cells named, every figure', () => {
  const [header, flip, ...rest] = output.render(analyse(three.plan, three.outcomes), null)!.split('\n');
  expect(header).toBe(
    'augmentation,baseline_augmentation,pairs,val_accuracy_mean_difference,ci95_low,ci95_high,paired_t_p,holm_p,' +
      'exact_p,smallest_exact_p,cohens_dz,wins,ties,losses,missing_seeds,diverged_seeds,verdict',
  );
  expect(flip).toMatch(/^flip,none,6,0\.01\d*,0\.008\d+,0\.011\d+,.*,0\.03125,0\.03125,.*,6,0,0,,,better$/);
  expect(rest).toHaveLength(3);
  const without = { ...three.plan, comparisons: [] };
  expect(output.render(analyse(without, three.outcomes), null)!.split('\n')).toHaveLength(2);
});

test.each([30, 40, 60, 80, 200])('the results fit a terminal of %i columns, and nothing is lost', (width) => {
  const text = describeResults(analyse(three.plan, three.outcomes), width);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  const words = text.split(/\s+/).join(' ');
  expect(words).toContain('flip beats none by 1.00 points');
  for (const name of ['none', 'flip', 'mask', 'both']) expect(words).toContain(name);
});

test('a file that takes the best epoch by the test set gets a hint, others none', () => {
  const { plan } = three;
  const best = { ...plan, metric: { ...plan.metric, select: 'best' as const } };
  const epochs = (count: number) =>
    best.trials.map((trial) => ({ ...trial, params: { ...trial.params, epochs: count } }));
  const heldOut = best.trials.map((trial) => ({
    ...trial,
    params: { ...trial.params, epochs: 3 },
    data: { validation: { holdout: 100 } },
  }));
  expect(describeSelectionHint({ ...best, trials: epochs(3) }, 'a.yaml')).toContain(
    'hint[selects-on-test-set]: a.yaml',
  );
  expect(describeSelectionHint({ ...best, trials: epochs(1) }, 'a.yaml')).toBeNull();
  expect(describeSelectionHint({ ...best, trials: heldOut }, 'a.yaml')).toBeNull();
  expect(describeSelectionHint({ ...plan, trials: epochs(3) }, 'a.yaml')).toBeNull();
});
