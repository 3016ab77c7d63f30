import { describe, expect, test } from 'vitest';
import { describeSelectionHint } from '../../../src/report/text/selection-hint.js';
import type { Plan } from '../../../src/plan/plan.js';
import type { TrialOutcome } from '../../../src/trial/outcome.js';
import { analyse } from '../../../src/report/analyse.js';
import output from '../../../src/report/outputs/comparisons.js';
import { describeComparison } from '../../../src/report/text/describe-comparison.js';
import { describeResults } from '../../../src/report/text/describe-results.js';
import { comparisonPlan, type Result } from '../comparison-plan.js';

const none = [0.82, 0.81, 0.83, 0.82, 0.8, 0.81];
const plus = (...differences: number[]) => none.map((value, i) => value + differences[i]!);

/** Each with its verdict and its sentence, against `none`. */
const cases: [name: string, results: Result[], margin: number | null, verdict: string, sentence: string][] = [
  [
    'better in every seed',
    plus(0.01, 0.012, 0.008, 0.011, 0.009, 0.01),
    null,
    'better',
    'flip is better than none by 1.00 points (0.69 to 1.31 at any look; 6 seeds)',
  ],
  [
    'worse in every seed',
    plus(-0.01, -0.012, -0.008, -0.011, -0.009, -0.01),
    null,
    'worse',
    'flip is worse than none by 1.00 points (0.69 to 1.31 at any look; 6 seeds)',
  ],
  [
    'better by less than matters',
    plus(0.01, 0.012, 0.008, 0.011, 0.009, 0.01),
    0.02,
    'better',
    'flip is better than none by 1.00 points, and less than 2 points (0.69 to 1.31 at any look; 6 seeds)',
  ],
  [
    'the same within what matters',
    plus(0.001, -0.001, 0.0005, -0.0005, 0.001, 0),
    0.003,
    'equivalent',
    'flip and none are equivalent within 0.3 points: flip ahead by 0.02 points (−0.16 to 0.20 at any look; 6 seeds)',
  ],
  [
    'now ahead, now behind',
    plus(0.01, -0.012, 0.008, -0.011, 0.009, 0.002),
    null,
    'undecided',
    'flip against none is undecided: flip ahead by 0.10 points (−2.14 to 2.34 at any look; 6 seeds); more than 200 in all would be needed if it goes on like this',
  ],
  [
    'ahead, but not clearly',
    plus(0.01, 0.002, 0.012, 0.003, 0.013, 0.001),
    null,
    'undecided',
    'flip against none is undecided: flip ahead by 0.68 points (−0.52 to 1.89 at any look; 6 seeds); about 10 (8 to 17) in all would settle it if it goes on like this',
  ],
  [
    'wide of equivalence',
    plus(0.001, -0.001, 0.0005, -0.0005, 0.001, 0),
    0.001,
    'undecided',
    'flip against none is undecided: flip ahead by 0.02 points (−0.16 to 0.20 at any look; 6 seeds); about 11 in all would show equivalence if it goes on like this',
  ],
  [
    'five seeds cannot tell',
    [...plus(0.01, 0.012, 0.008, 0.011, 0.009, 0).slice(0, 5)],
    null,
    'too-few-seeds',
    'too few seeds to tell flip from none, 5 of at least 6: flip ahead by 1.00 points',
  ],
  [
    'one diverged, one missing',
    [0.83, 'diverged', 0.84, 'missing', 0.81, 0.82],
    null,
    'incomplete',
    'flip against none is incomplete, 2 of 6 seeds (1 diverged, 1 missing); so far flip ahead by 1.00 points',
  ],
  [
    'one failed',
    [...plus(0.01, 0.012, 0.008, 0.011, 0.009, 0).slice(0, 5), 'failed'],
    null,
    'incomplete',
    'flip against none is incomplete, 5 of 6 seeds (1 missing); so far flip ahead by 1.00 points',
  ],
];

describe('verdict and sentence', () => {
  test.each(cases)('%s', (_, flip, margin, verdict, sentence) => {
    const { plan: simple, outcomes } = comparisonPlan(
      'augmentation',
      new Map<string, Result[]>([
        ['none', none.slice(0, flip.length)],
        ['flip', flip],
      ]),
    );
    const plan: Plan = { ...simple, judging: { stopping: 'anytime', margin } };
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
      'dropout 0.2 is better than dropout 0 by 0.1000 nats (0.0685 to 0.1315 at any look; 6 seeds)',
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

test('a broken comparison takes its place in the family: a p can only fall when it is mended', () => {
  const outcomes = new Map(three.outcomes);
  outcomes.set('2-2017', { status: 'failed', failure: 'crash', cause: 'it ended', logFile: 'x.log' });
  const [flip, mask] = analyse(three.plan, outcomes).comparisons;
  expect(mask).toMatchObject({ verdict: 'incomplete', holmP: null, missingSeeds: [2017], anytimeHolmP: 1 });
  expect(flip!.holmP).toBeCloseTo(3 * flip!.tP!, 12);
  expect(flip!.anytimeHolmP).toBeCloseTo(3 * flip!.anytimeP, 12);
});

test('a seed that is not there yet ends the figures: no later one counts before it', () => {
  const outcomes = new Map(three.outcomes);
  outcomes.delete('2-2019');
  const [flip, mask] = analyse(three.plan, outcomes).comparisons;
  expect(flip!.pairs).toBe(6);
  expect(mask).toMatchObject({ pairs: 2, missingSeeds: [2019], verdict: 'too-few-seeds' });
});

describe('stopping: fixed', () => {
  test('no verdict and no test of any comparison before the last seed of all of them', () => {
    const plan: Plan = { ...three.plan, judging: { stopping: 'fixed', margin: 0.02 } };
    const outcomes = new Map(three.outcomes);
    expect(analyse(plan, outcomes).comparisons[0]).toMatchObject({ verdict: 'better' });
    outcomes.delete('3-2022');
    const { comparisons } = analyse(plan, outcomes);
    for (const one of comparisons)
      expect(one).toMatchObject({
        verdict: 'incomplete',
        tP: null,
        holmP: null,
        exactP: null,
        equivalenceP: null,
      });
    expect(describeComparison(comparisons[0]!, plan)).toBe(
      'flip against none is incomplete, 6 of 6 seeds (other comparisons lack seeds); so far flip ahead by 1.00 points',
    );
  });

  test('a seed that diverged gets no other result: the others do not wait for it', () => {
    const plan: Plan = { ...three.plan, judging: { stopping: 'fixed', margin: null } };
    const [id] = [...three.outcomes.keys()].filter((key) => key === '3-2022');
    const diverged = { ...three.outcomes.get(id!)!, status: 'diverged', epoch: 1, step: 1 } as TrialOutcome;
    const { comparisons } = analyse(plan, new Map([...three.outcomes, [id!, diverged]]));
    expect(comparisons.map(({ verdict }) => verdict)).toEqual(['better', 'undecided', 'incomplete']);
  });

  const fixed = (results: Result[], margin: number | null = null) => {
    const compared = comparisonPlan(
      'augmentation',
      new Map<string, Result[]>([
        ['none', none.slice(0, results.length)],
        ['flip', results],
      ]),
    );
    const plan: Plan = { ...compared.plan, judging: { stopping: 'fixed', margin } };
    const [comparison] = analyse(plan, compared.outcomes).comparisons;
    return [comparison!.verdict, describeComparison(comparison!, plan)];
  };

  test.each<[Result[], number | null, string, string]>([
    [
      plus(0.01, 0.012, 0.008, 0.011, 0.009, 0.01),
      null,
      'better',
      'flip is better than none by 1.00 points (95 % 0.85 to 1.15, 6 seeds, Holm p < 0.001)',
    ],
    [
      plus(0.01, -0.012, 0.008, -0.011, 0.009, 0.002),
      null,
      'undecided',
      'flip against none is undecided: flip ahead by 0.10 points (95 % −0.96 to 1.16, 6 seeds, Holm p 0.818)',
    ],
    [
      plus(0.001, -0.001, 0.0005, -0.0005, 0.001, 0),
      0.001,
      'equivalent',
      'flip and none are equivalent within 0.1 points: flip ahead by 0.02 points (95 % −0.07 to 0.10, 6 seeds, Holm p 0.027)',
    ],
    [
      [...plus(0.01, 0.012, 0.008, 0.011, 0.009, 0).slice(0, 5), 'missing'],
      null,
      'incomplete',
      'flip against none is incomplete, 5 of 6 seeds (1 missing); so far flip ahead by 1.00 points',
    ],
    [
      plus(0.01, 0.012, 0.008, 0.011, 0.009, 0).slice(0, 5),
      null,
      'too-few-seeds',
      'too few seeds to tell flip from none, 5 of at least 6: flip ahead by 1.00 points',
    ],
  ])('%j', (results, margin, verdict, sentence) => {
    expect(fixed(results, margin)).toEqual([verdict, sentence]);
  });
});

test('comparisons.csv: one row a comparison, both cells named, every figure', () => {
  const [header, flip, ...rest] = output.render(analyse(three.plan, three.outcomes), null)!.split('\n');
  expect(header).toBe(
    'augmentation,baseline_augmentation,pairs,val_accuracy_mean_difference,judged_on,mean_difference,anytime_low,' +
      'anytime_high,mean_outside,anytime_p,anytime_holm_p,margin,equivalence_p,equivalence_holm_p,margin_verdict,' +
      'decided_at,new_images_low,new_images_high,images_floor,images_share,also_on_new_images,ci95_low,ci95_high,' +
      'paired_t_p,holm_p,exact_p,smallest_exact_p,cohens_dz,smallest_difference,largest_difference,wins,ties,' +
      'losses,missing_seeds,diverged_seeds,untested_seeds,verdict',
  );
  expect(flip).toMatch(
    /^flip,none,6,0\.01\d*,test,0\.01\d*,0\.006\d+,0\.013\d+,false,.*,0\.008\d+,0\.011\d+,.*,0\.03125,0\.03125,.*,6,0,0,,,,too-few-seeds$/,
  );
  expect(rest).toHaveLength(3);
  const without = { ...three.plan, comparisons: [] };
  expect(output.render(analyse(without, three.outcomes), null)!.split('\n')).toHaveLength(2);
});

test.each([30, 40, 60, 80, 200])('the results fit a terminal of %i columns, and nothing is lost', (width) => {
  const text = describeResults(analyse(three.plan, three.outcomes), width);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  const words = text.split(/\s+/).join(' ');
  expect(words).toContain('flip from none, 6 of at least 8: flip ahead by 1.00 points');
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
