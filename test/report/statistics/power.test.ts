import { describe, expect, test } from 'vitest';
import { playPlan } from '../../../src/report/statistics/plan-rounds.js';
import { powerOf, spreadOfPairs } from '../../../src/report/statistics/power.js';
import { describeMarginHint, describePower } from '../../../src/report/text/describe-power.js';
import type { Plan } from '../../../src/plan/plan.js';
import { valuesByCell } from '../../../src/report/statistics/trial-results.js';
import { planOf } from '../../spec/experiment-folder.js';

const yaml = (seeds: string, compare = '', metric = 'valAccuracy') => `name: sweep
params: { weights: none }
matrix: { dropout: [0, 0.2, 0.5] }
seeds: ${seeds}
metric: { name: ${metric} }
compare: { baseline: { dropout: 0 }${compare} }`;

const texts = async (text: string, sds: readonly number[] = [], pairs = 6) => {
  const plan: Plan = await planOf(text);
  const power = powerOf(
    plan,
    sds.map((sd) => ({ sd, pairs, isOpen: true })),
  )!;
  return { lines: describePower(power, plan), hint: describeMarginHint(power, plan, 'a.yaml'), power };
};

test('before there are results, in standard deviations; a margin says which of them it bears', async () => {
  const { lines, hint } = await texts(yaml('{ until: decided }', ', margin: 0.002'));
  expect(lines).toEqual([
    'with a chance of 80 %, in standard deviations (sd) of the differences:',
    'seeds  a difference from  equivalence within',
    '6      –                  2.75 sd',
    '8      2.09 sd            1.96 sd',
    '12     1.44 sd            1.43 sd',
    '20     1.03 sd            1.05 sd',
    '30     0.82 sd            0.84 sd',
    '40     0.70 sd            0.73 sd',
    '2 comparisons need 7 seeds at least to show a difference',
    '40 seeds can decide a margin of 0.2 points where the sd is 0.27 points at most',
  ]);
  expect(hint).toBeNull();
});

test('with results, in the metric’s unit, pooled over the comparisons', async () => {
  const { lines, power } = await texts(yaml('{ count: 8 }'), [0.003, 0.004]);
  expect(power.sd).toBeCloseTo(Math.sqrt((0.003 ** 2 + 0.004 ** 2) / 2), 12);
  expect(lines).toEqual([
    'with a chance of 80 %, by a standard deviation of 0.35 points (12 pairs; rough below 20):',
    'seeds  a difference from  equivalence within',
    '8      0.74 points        0.69 points',
    '2 comparisons need 7 seeds at least to show a difference',
  ]);
  const loss = await texts(yaml('{ count: 8 }', '', 'valLoss'), [0.03, 0.04]);
  expect(loss.lines[2]).toBe('8      0.0737 nats        0.0692 nats');
});

test('comparisons are weighted by their pairs, and those of one pair say nothing', async () => {
  const plan = await planOf(yaml('{ count: 8 }'));
  const pooled = powerOf(plan, [
    { sd: 1, pairs: 11, isOpen: true },
    { sd: 2, pairs: 2, isOpen: true },
    { sd: null, pairs: 1, isOpen: true },
  ])!;
  expect(pooled.sd).toBeCloseTo(Math.sqrt((10 + 4) / 11), 12);
  expect(pooled.pairs).toBe(13);
});

describe('a margin that the most seeds will not decide', () => {
  test('gets a hint', async () => {
    const { hint } = await texts(yaml('{ until: decided }', ', margin: 0.002'), [0.01, 0.01]);
    expect(hint).toBe(
      [
        'hint[margin-too-small]: 40 seeds of a.yaml will probably not show equivalence within 0.2 points; they show 0.73 points',
        '  = the differences have a standard deviation of 1.00 points so far',
        '  = more seeds, a larger `compare.margin`, or longer training, which often varies less, would decide it',
      ].join('\n'),
    );
  });

  test('none where every comparison is decided', async () => {
    const plan = await planOf(yaml('{ until: decided }', ', margin: 0.002'));
    const power = (isOpen: boolean) => powerOf(plan, [{ sd: 0.05, pairs: 12, isOpen }])!;
    expect(describeMarginHint(power(false), plan, 'a.yaml')).toBeNull();
    expect(describeMarginHint(power(true), plan, 'a.yaml')).not.toBeNull();
  });

  test('is said of so few seeds that no margin is shown with them, before anything is trained', async () => {
    const plan = await planOf(yaml('{ count: 5 }', ', margin: 0.002'));
    const nothing = spreadOfPairs(playPlan(plan, valuesByCell(plan, [])));
    expect(describeMarginHint(powerOf(plan, nothing)!, plan, 'a.yaml')).toBe(
      'hint[margin-too-small]: 5 seeds of a.yaml cannot show equivalence, whatever the margin\n' +
        '  = six seeds at least can, and more where several comparisons are made',
    );
  });

  test('none where they will, and none without a margin or results', async () => {
    expect((await texts(yaml('{ until: decided }', ', margin: 0.002'), [0.001, 0.002])).hint).toBeNull();
    expect((await texts(yaml('{ until: decided }'), [0.01])).hint).toBeNull();
    const few = await texts(yaml('{ until: decided }', ', margin: 0.002'), [0.01, 0.01], 2);
    expect(few.hint).toBeNull(); // four pairs say too little
  });
});

test('nothing is said without comparisons, and of a fixed number of seeds', async () => {
  expect(powerOf(await planOf('name: sweep\nmatrix: { dropout: [0, 0.5] }'), [])).toBeNull();
  expect(powerOf(await planOf(yaml('{ count: 8 }', ', stopping: fixed')), [])).toBeNull();
});
