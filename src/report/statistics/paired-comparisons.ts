import type { Plan } from '../../plan/plan.js';
import { compareOnImages } from './compare-on-images.js';
import { smallestDecidable } from './decidability.js';
import { adjustByHolm } from './holm.js';
import {
  holdsOnNewImages,
  isSignificant,
  judge,
  judgeMargin,
  type Evidence,
  type MarginVerdict,
  type Verdict,
} from './judge.js';
import type { ImageSampling } from './image-sampling.js';
import type { Pair } from './pair-up.js';
import { playPlan } from './plan-rounds.js';
import type { Rounds, Standing } from './rounds.js';
import { signFlipTest, smallestExactP } from './sign-flip-test.js';
import { cohensDz, equivalenceTTest, mean, standardDeviation, tInterval, tTest } from './statistics.js';
import type { CellValues } from './trial-results.js';

/**
 * A cell against its baseline. All figures are over the first seeds of the plan, up to the first that has not ended in
 * one of the two. Differences are cell − baseline, in the metric's unit: a fraction for accuracy, nats for loss.
 */
export interface PairedComparison extends Sample {
  /** Holm's adjustment of `tP` over all comparisons of the plan; null where a seed failed or diverged. */
  readonly holmP: number | null;
  /** Holm's adjustment of `anytimeP` over all comparisons of the plan. */
  readonly anytimeHolmP: number;
  /** As in `Evidence`. */
  readonly equivalenceP: number | null;
  readonly equivalenceHolmP: number | null;
  readonly decidedAt: number | null;
  /** Null without a margin. */
  readonly marginVerdict: MarginVerdict | null;
  /** 95 % interval of the difference for new seeds and other images; null where it is not known. */
  readonly newImages: readonly [number, number] | null;
  /** The verdict holds for other images of the same kind too. */
  readonly alsoOnNewImages: boolean;
  readonly verdict: Verdict;
}

/** What the seeds of a comparison gave, alone. */
interface Sample extends Pick<Pair, 'cell' | 'baseline' | 'differs' | 'judgedOn' | 'untestedSeeds'> {
  /** Those with a value in both, in the plan's order. */
  readonly seeds: readonly number[];
  /** Of each of them. */
  readonly differences: readonly number[];
  /** Number of them. */
  readonly pairs: number;
  /** How many of the plan's seeds both need, as far as is known. */
  readonly seedsNeeded: number;
  /** Those of them that one of the two has no value of. */
  readonly missingSeeds: readonly number[];
  /** Those of these where a trial diverged. */
  readonly divergedSeeds: readonly number[];
  /** Null without pairs. */
  readonly meanDifference: number | null;
  /** The same of the validation values. */
  readonly meanValidationDifference: number | null;
  /** Sample standard deviation (n − 1) of the differences; null below two. */
  readonly sd: number | null;

  /** Valid at any look: the 95 % confidence sequence, intersected over the looks; null below six pairs. */
  readonly anytimeInterval: readonly [number, number] | null;
  /** The mean lies outside of it, which differences with a normal distribution hardly ever do. */
  readonly meanOutside: boolean;
  /** Valid at any look. */
  readonly anytimeP: number;

  /** Valid for one look at a number of seeds fixed beforehand: 95 % t interval, not adjusted. */
  readonly interval: readonly [number, number] | null;
  /** Two-sided p of the paired t test, valid as `interval`; null where that is. */
  readonly tP: number | null;
  /** Two-sided p of the exact sign-flip test, likewise; null without pairs and beyond `maximumExactPairs`. */
  readonly exactP: number | null;
  /** The smallest `exactP` that so many pairs can give. */
  readonly smallestExactP: number | null;
  /** Cohen's d_z: the mean difference in standard deviations of the differences; null where the interval is. */
  readonly dz: number | null;

  /** Pairs in which the cell is the better one by the metric's goal. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** What the sampling of the test images adds; null where it is not known which of them the trials got right. */
  readonly images: ImageSampling | null;
}

export interface Comparisons {
  /** Those of the plan, in its order. */
  readonly comparisons: readonly PairedComparison[];
  /** What led to them. */
  readonly rounds: Rounds;
}

/** Compares the plan's pairs as one family. @param values of each cell of the plan */
export function comparePairs(plan: Plan, values: readonly CellValues[]): Comparisons {
  const { margin, stopping } = plan.judging;
  const { pairs, rounds } = playPlan(plan, values);
  const { standings } = rounds;
  const samples = pairs.map((pair, index) => {
    const { cell, baseline } = plan.comparisons[index]!;
    const needed = Math.min(rounds.seedsNeeded[cell]!, rounds.seedsNeeded[baseline]!);
    return describeSample(pair, standings[index]!, needed, plan);
  });
  const holm = adjustByHolm(
    samples.map(({ tP, exactP }, i) => (standings[i]!.isBroken ? 1 : (tP ?? exactP ?? 1))),
  );
  const evidence =
    stopping === 'anytime'
      ? anytimeEvidence(samples, standings)
      : fixedEvidence(samples, standings, holm, margin);
  const isTooEarly = stopping === 'fixed' && !samples.every(hasAllSeeds); // for what one look tells
  const comparisons = samples.map((sample, index): PairedComparison => {
    const own = evidence[index]!;
    const { equivalenceP, equivalenceHolmP, decidedAt, newImages } = own;
    const verdict = judge(own, sample.meanDifference, plan.metric);
    return {
      ...sample,
      ...(isTooEarly ? { interval: null, tP: null, exactP: null, dz: null } : {}),
      holmP: isTooEarly || standings[index]!.isBroken ? null : holm[index]!,
      anytimeHolmP: standings[index]!.anytimeHolmP,
      equivalenceP: isTooEarly ? null : equivalenceP,
      equivalenceHolmP: isTooEarly ? null : equivalenceHolmP,
      decidedAt,
      marginVerdict: margin === null ? null : judgeMargin(own, margin),
      newImages,
      alsoOnNewImages: holdsOnNewImages(verdict, own, margin),
      verdict,
    };
  });
  return { comparisons, rounds };
}

/** What holds at any look. */
function anytimeEvidence(samples: readonly Sample[], standings: readonly Standing[]): Evidence[] {
  const fewest = smallestDecidable(samples.length);
  return samples.map(({ anytimeInterval, images }, index) => {
    const { seeds, isBroken, look, differentAt, equivalentAt, equivalenceHolmP } = standings[index]!;
    return {
      isIncomplete: isBroken,
      isTooFew: seeds < fewest,
      isDifferent: differentAt !== null,
      isEquivalent: equivalentAt !== null,
      decidedAt: isBroken ? null : (differentAt ?? equivalentAt),
      equivalenceP: look?.equivalenceP ?? null,
      equivalenceHolmP,
      interval: anytimeInterval,
      newImages: images?.anytimeInterval ?? null,
    };
  });
}

/** A seed that diverged is a result, and gets no other. */
const hasAllSeeds = ({ missingSeeds, divergedSeeds }: Sample): boolean =>
  missingSeeds.length === divergedSeeds.length;

/** What holds at one look, at the number of seeds that was fixed beforehand. */
function fixedEvidence(
  samples: readonly Sample[],
  standings: readonly Standing[],
  holm: readonly number[],
  margin: number | null,
): Evidence[] {
  const p = samples.map(({ differences }, index) =>
    margin === null || standings[index]!.isBroken ? null : equivalenceTTest(differences, margin),
  );
  const adjusted = adjustByHolm(p.map((own) => own ?? 1));
  const isAllIn = samples.every(hasAllSeeds); // another's p may still change what Holm makes of one that is complete
  return samples.map(({ pairs, missingSeeds, exactP, smallestExactP, interval, images }, index) => {
    const isIncomplete = !isAllIn || missingSeeds.length > 0;
    const isDifferent = isSignificant(holm[index]!) && (exactP === null || isSignificant(exactP));
    const equivalenceHolmP = p[index] === null ? null : adjusted[index]!;
    const isEquivalent = isSignificant(equivalenceHolmP);
    return {
      isIncomplete,
      isTooFew: !isSignificant(smallestExactP),
      isDifferent,
      isEquivalent,
      decidedAt: !isIncomplete && (isDifferent || isEquivalent) ? pairs : null,
      equivalenceP: p[index]!,
      equivalenceHolmP,
      interval,
      newImages: images?.interval ?? null,
    };
  });
}

function describeSample(pair: Pair, standing: Standing, needed: number, plan: Plan): Sample {
  const { cell, baseline, differs, judgedOn, untestedSeeds } = pair;
  const { seeds, look } = standing;
  const numbersOf = (values: Pair['differences']) =>
    values.slice(0, seeds).filter((value) => typeof value === 'number');
  const differences = numbersOf(pair.differences);
  const lacking = (...reasons: unknown[]) =>
    plan.seeds.filter((_, index) => index < needed && reasons.includes(pair.differences[index]));
  const isWin = (difference: number) => (plan.metric.goal === 'maximize' ? difference > 0 : difference < 0);
  const wins = differences.filter(isWin).length;
  const ties = differences.filter((difference) => difference === 0).length;
  return {
    cell,
    baseline,
    differs,
    judgedOn,
    untestedSeeds,
    seeds: plan.seeds.filter((_, index) => index < seeds && typeof pair.differences[index] === 'number'),
    differences,
    pairs: differences.length,
    seedsNeeded: needed,
    missingSeeds: lacking('missing', 'failed', 'diverged'),
    divergedSeeds: lacking('diverged'),
    meanDifference: mean(differences),
    meanValidationDifference: mean(numbersOf(pair.validationDifferences)),
    sd: standardDeviation(differences),
    anytimeInterval: look?.runningInterval ?? null,
    meanOutside: look?.meanOutside ?? false,
    anytimeP: look?.anytimeP ?? 1,
    interval: tInterval(differences),
    tP: tTest(differences),
    exactP: signFlipTest(differences),
    smallestExactP: smallestExactP(differences.length),
    dz: cohensDz(differences),
    wins,
    ties,
    losses: differences.length - wins - ties,
    images: compareOnImages(pair, plan.seeds.slice(0, seeds), plan.metric),
  };
}
