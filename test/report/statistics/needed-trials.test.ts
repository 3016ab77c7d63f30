import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/plan/plan.js';
import { analyse } from '../../../src/report/analyse.js';
import { outputs } from '../../../src/report/write-results.js';
import { neededTrials } from '../../../src/report/statistics/needed-trials.js';
import type { TrialOutcome } from '../../../src/trial/outcome.js';
import { comparisonPlan, type Result } from '../comparison-plan.js';

/** A running design of which every outcome is known, as after `seeds: { count: … }`. */
function running(
  cells: Record<string, Result[]>,
  { min = 6, margin = null }: { min?: number; margin?: number | null } = {},
): { plan: Plan; outcomes: Map<string, TrialOutcome> } {
  const { plan, outcomes } = comparisonPlan('augmentation', new Map(Object.entries(cells)));
  const { seeds, trials } = plan;
  const interleaved = seeds.flatMap((seed) => trials.filter((trial) => trial.seed === seed));
  return {
    plan: { ...plan, trials: interleaved, untilDecided: { min }, judging: { stopping: 'anytime', margin } },
    outcomes,
  };
}

const seeds = 20;
const wave = (size: number) => Array.from({ length: seeds }, (_, seed) => size * Math.sin(7 * seed + 1));
const around = (level: number, size = 0.002): number[] => wave(size).map((noise) => level + noise);
const none = Array.from({ length: seeds }, (_, seed) => 0.8 + 0.01 * Math.sin(3 * seed));
const plus = (differences: number[]) => none.map((value, seed) => value + differences[seed]!);

const family = {
  none,
  clear: plus(around(0.02)),
  slight: plus(around(0.0015, 0.003)),
  same: plus(around(0, 0.0008)),
};

/** Runs the design as an executor does: some of what is wanted ends, then it is asked again. */
function play(
  plan: Plan,
  all: ReadonlyMap<string, TrialOutcome>,
  choose: (wanted: readonly string[]) => readonly string[],
  known = new Map<string, TrialOutcome>(),
) {
  for (;;) {
    const { needed, ifUndecided } = neededTrials(plan, known);
    const lacking = needed.filter(({ id }) => !known.has(id)).map(({ id }) => id);
    if (lacking.length === 0) return known;
    const ahead = ifUndecided.flat().map(({ id }) => id);
    const ended = choose([...lacking, ...ahead.filter((id) => !known.has(id))]);
    for (const id of ended.length > 0 ? ended : [lacking[0]!]) known.set(id, all.get(id)!);
  }
}

const render = (plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>) => {
  const report = analyse(plan, outcomes);
  return outputs.map((output) => output.render(report, null));
};

const needs = (plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>) => {
  const { needed } = neededTrials(plan, outcomes);
  return plan.cells.map(({ index }) => needed.filter(({ cellIndex }) => cellIndex === index).length);
};

test('without a running design every trial is needed', () => {
  const { plan, outcomes } = running(family);
  const fixed = { ...plan, untilDecided: null };
  expect(neededTrials(fixed, outcomes)).toEqual({ needed: fixed.trials, ifUndecided: [] });
});

test('a cell stops when it is decided, the baseline with the last of them; the rest is not needed', () => {
  const { plan, outcomes } = running(family, { margin: 0.003 });
  const known = play(plan, outcomes, (wanted) => wanted.slice(0, 1));
  const report = analyse(plan, known);
  expect(report.comparisons.map(({ cell, verdict }) => [cell.axes['augmentation'], verdict])).toEqual([
    ['clear', 'better'],
    ['slight', 'undecided'],
    ['same', 'equivalent'],
  ]);
  const [ofNone, ofClear, ofSlight, ofSame] = needs(plan, known);
  expect([ofNone, ofSlight]).toEqual([seeds, seeds]);
  expect(ofClear).toBe(report.comparisons[0]!.decidedAt);
  expect(ofSame).toBe(report.comparisons[2]!.decidedAt);
  expect(Math.max(ofClear!, ofSame!)).toBeLessThan(seeds);
  expect(known.size).toBe(2 * seeds + ofClear! + ofSame!); // nothing ahead was trained
});

test('outcomes in any order, ahead or not, give the same bytes as one trial after another', () => {
  const { plan, outcomes } = running(family, { margin: 0.003 });
  const undisturbed = render(
    plan,
    play(plan, outcomes, (wanted) => wanted.slice(0, 1)),
  );
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (draws) => {
      const draw = () => draws.next().value as number;
      const known = play(plan, outcomes, (wanted) => wanted.filter(() => draw() < 0.3));
      expect(render(plan, known)).toEqual(undisturbed);
    }),
    { numRuns: 40 },
  );
});

test('all that another file has trained changes nothing but what is there at the start', () => {
  const { plan, outcomes } = running(family, { margin: 0.003 });
  const undisturbed = render(
    plan,
    play(plan, outcomes, (wanted) => wanted.slice(0, 1)),
  );
  expect(render(plan, outcomes)).toEqual(undisturbed);
});

test('a larger maximum goes on where the smaller one ended', () => {
  const { plan, outcomes } = running(family, { margin: 0.003 });
  const shorter: Plan = {
    ...plan,
    seeds: plan.seeds.slice(0, 10),
    trials: plan.trials.filter(({ seed }) => plan.seeds.indexOf(seed) < 10),
  };
  const first = play(shorter, outcomes, (wanted) => wanted);
  const again = play(plan, outcomes, (wanted) => wanted.slice(0, 1), new Map(first));
  expect(render(plan, again)).toEqual(
    render(
      plan,
      play(plan, outcomes, (wanted) => wanted.slice(0, 1)),
    ),
  );
});

describe('a seed without a result', () => {
  const broken = (result: Result) => {
    const slight = [...family.slight] as Result[];
    slight[7] = result;
    const { plan, outcomes } = running({ ...family, slight }, { margin: 0.003 });
    return { plan, known: play(plan, outcomes, (wanted) => wanted.slice(0, 1)) };
  };

  test.each(['diverged', 'failed'] as const)('that %s ends its comparison, and no other', (result) => {
    const { plan, known } = broken(result);
    expect(analyse(plan, known).comparisons.map(({ verdict }) => verdict)).toEqual([
      'better',
      'incomplete',
      'equivalent',
    ]);
    expect(needs(plan, known)[2]).toBe(8);
  });

  test('goes on when it is there', () => {
    const { plan, known } = broken('failed');
    const { outcomes } = running(family, { margin: 0.003 });
    known.delete('2-2024');
    expect(
      needs(
        plan,
        play(plan, outcomes, (wanted) => wanted, known),
      )[2],
    ).toBe(seeds);
  });
});

test('no look comes before `min`, and every cell has so many seeds', () => {
  const { plan, outcomes } = running(family, { min: 12, margin: 0.003 });
  const known = play(plan, outcomes, (wanted) => wanted.slice(0, 1));
  expect(needs(plan, known)).toEqual([seeds, 12, seeds, 12]);
});

test('cells with unequal numbers of seeds are ranked by the seeds that all have', () => {
  // The seeds that only `none` and `slight` have are good ones: by all of them, both would be first.
  const lucky = (values: number[]) => values.map((value, seed) => (seed < 8 ? value : value + 0.1));
  const cells = Object.fromEntries(Object.entries(family).map(([name, values]) => [name, lucky(values)]));
  const { plan, outcomes } = running(cells, { margin: 0.003 });
  const { leaderboard } = analyse(
    plan,
    play(plan, outcomes, (wanted) => wanted),
  );
  expect(leaderboard.map(({ rank, cell }) => [rank, cell.axes['augmentation']])[0]).toEqual([1, 'clear']);
  const slight = leaderboard.find(({ cell }) => cell.axes['augmentation'] === 'slight')!;
  expect(slight.mean).toBeGreaterThan(leaderboard[0]!.mean!);
  expect(slight.rankedSeeds).toBeLessThan(slight.n);
});
