/** What the test images say: they judge, once, and choose nothing. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/plan/plan.js';
import { analyse } from '../../../src/report/analyse.js';
import comparisonsOutput from '../../../src/report/outputs/comparisons.js';
import leaderboardOutput from '../../../src/report/outputs/leaderboard.js';
import trialsOutput from '../../../src/report/outputs/trials.js';
import { describeComparison } from '../../../src/report/text/describe-comparison.js';
import { describeLeaderboard } from '../../../src/report/text/leaderboard-table.js';
import { packBits } from '../../../src/train/pack-bits.js';
import type { TestRecord, TrialOutcome } from '../../../src/trial/outcome.js';
import { comparisonPlan } from '../comparison-plan.js';

const images = 2000;
const seeds = 8;

/** A trial that validates with these accuracies, epoch by epoch, and tests with those; `right` says which images. */
function outcomeOf(
  validated: readonly number[],
  tested: readonly number[] | null,
  right: (image: number) => boolean = () => true,
): TrialOutcome {
  const bits = packBits(Array.from({ length: images }, (_, image) => Number(right(image))));
  const tests = tested?.map((testAccuracy, index): TestRecord => ({
    epoch: index + 1,
    testLoss: 1 - testAccuracy,
    testAccuracy,
    images,
    correct: bits,
    imagesSha256: 'ab'.repeat(32),
  }));
  return {
    status: 'completed',
    epochs: validated.map((valAccuracy, index) => ({
      epoch: index + 1,
      trainLoss: 1,
      trainAccuracy: 0.5,
      valLoss: 1 - valAccuracy,
      valAccuracy,
      seconds: 1,
    })),
    ...(tests ? { tests } : {}),
    parameters: 1,
    trainSeconds: 1,
    peakBytes: 1,
    engine: 'tensorflow-cpu',
  };
}

const noise = (seed: number) => ((seed * 7919) % 13) / 10_000;

/** `none` against `flip`, held out, select: best. */
function heldOut(outcome: (cell: number, seed: number) => TrialOutcome) {
  const { plan } = comparisonPlan(
    'augmentation',
    new Map([
      ['none', Array<number>(seeds).fill(0)],
      ['flip', Array<number>(seeds).fill(0)],
    ]),
    { name: 'valAccuracy', goal: 'maximize', select: 'best' },
  );
  const data = { validation: { holdout: 100 } };
  const trials = plan.trials.map((trial) => ({ ...trial, data }));
  const cells = plan.cells.map((cell) => ({ ...cell, data }));
  const outcomes = new Map(trials.map(({ id, cellIndex, seed }) => [id, outcome(cellIndex, seed)]));
  return { plan: { ...plan, cells, trials } satisfies Plan, outcomes };
}

describe('held out', () => {
  // On the validation images flip is ahead, in epoch 1; on the test images it is behind there, and ahead in epoch 2.
  const { plan, outcomes } = heldOut((cell, seed) =>
    cell === 0
      ? outcomeOf([0.8 + noise(seed), 0.7], [0.8 + noise(3 * seed), 0.1])
      : outcomeOf([0.82 + noise(5 * seed), 0.7], [0.78 + noise(2 * seed), 0.99]),
  );
  const report = analyse(plan, outcomes);

  test('the validation images choose the epoch and rank the cells', () => {
    expect(report.results.map(({ selected }) => selected?.epoch)).toEqual(Array(2 * seeds).fill(1));
    expect(report.leaderboard.map(({ rank, cell }) => [rank, cell.axes['augmentation']])).toEqual([
      [1, 'flip'],
      [2, 'none'],
    ]);
  });

  test('the test images judge, by the selected epoch', () => {
    const [comparison] = report.comparisons;
    expect(comparison).toMatchObject({ judgedOn: 'test', verdict: 'worse', untestedSeeds: [] });
    expect(comparison!.meanDifference).toBeCloseTo(-0.02, 3);
    expect(comparison!.meanValidationDifference).toBeCloseTo(0.02, 3);
    expect(describeComparison(comparison!, plan)).toMatch(
      /^flip is worse than none by 2\.\d\d points \(.* at any look; 8 seeds, test images\)$/,
    );
  });

  test('leaderboard, trials and comparisons show both', () => {
    const [header, first] = leaderboardOutput.render(report, null)!.split('\n');
    expect(header).toContain(
      ',max,test_accuracy_mean,test_accuracy_sd,test_ci95_low,test_ci95_high,untested,',
    );
    expect(first).toMatch(/^1,flip,8,0\.82\d*,.*,0\.78\d*,/);
    expect(trialsOutput.render(report, null)!.split('\n')[0]).toContain(
      ',selected_epoch,val_accuracy,val_loss,val_balanced_accuracy,val_macro_f1,val_top5,test_accuracy,test_loss,',
    );
    expect(comparisonsOutput.render(report, null)).toMatch(/\nflip,none,8,0\.02\d*,test,-0\.0[12]\d*,/);
    expect(describeLeaderboard(report).split('\n')[0]).toContain('95 % interval     test accuracy');
  });
});

test('a comparison with a trial of an earlier version is judged on the validation images, and says so', () => {
  const { plan, outcomes } = heldOut((cell, seed) =>
    outcomeOf([0.8 + 0.02 * cell + noise(seed * (3 + cell))], cell === 1 && seed === 2019 ? null : [0.5]),
  );
  const report = analyse(plan, outcomes);
  expect(report.comparisons[0]).toMatchObject({
    judgedOn: 'validation',
    untestedSeeds: [2019],
    verdict: 'better',
    images: null,
  });
  expect(describeComparison(report.comparisons[0]!, plan)).toContain(
    '8 seeds, on the validation images, some trials have no test value)',
  );
  expect(report.leaderboard.map(({ test, untested }) => [test?.mean ?? null, untested])).toEqual([
    [null, 1],
    [0.5, 0],
  ]);
  expect(describeLeaderboard(report)).toContain('1 without a test value');
});

describe('other images of the same kind', () => {
  /** Of 2,000 images, both get the first `shared` right; flip also `more` of the rest, the same ones for every seed. */
  const withBits = (shared: number, more: number, spread = 1) =>
    heldOut((cell, seed) => {
      const own = shared + (cell === 1 ? more : 0) + (((seed - 2017) * 5) % 7) * spread * (cell + 1);
      return outcomeOf([0.5], [own / images], (image) => image < own);
    });
  const sentence = ({ plan, outcomes }: ReturnType<typeof heldOut>) => {
    const [comparison] = analyse(plan, outcomes).comparisons;
    return { comparison: comparison!, text: describeComparison(comparison!, plan) };
  };

  test('a difference on many images holds on others too', () => {
    const { comparison, text } = sentence(withBits(1200, 300));
    expect(comparison).toMatchObject({ verdict: 'better', alsoOnNewImages: true });
    expect(text).toMatch(/^flip is better than none by 15\.\d\d points, also on new images \(/);
    const [low, high] = comparison.newImages!;
    expect(low).toBeLessThan(comparison.anytimeInterval![0]);
    expect(high).toBeGreaterThan(comparison.anytimeInterval![1]);
  });

  test('one on a few images, sure as the seeds are, does not', () => {
    const { comparison, text } = sentence(withBits(1200, 3, 0));
    expect(comparison).toMatchObject({ verdict: 'better', alsoOnNewImages: false });
    expect(text).not.toContain('new images');
    expect(comparison.images!.share).toBeGreaterThan(0.9);
  });

  test('nothing is said where a trial lacks its bits, or has those of other images', () => {
    const { plan, outcomes } = withBits(1200, 300);
    const [id] = outcomes.keys();
    const one = outcomes.get(id!) as Extract<TrialOutcome, { status: 'completed' }>;
    const tests = one.tests!.map((record) => ({ ...record, imagesSha256: 'cd'.repeat(32) }));
    const [other] = analyse(plan, new Map([...outcomes, [id!, { ...one, tests }]])).comparisons;
    expect(other).toMatchObject({ images: null, newImages: null, alsoOnNewImages: false });
  });
});
