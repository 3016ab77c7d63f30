/** The simulation behind docs/statistics.md, with few paths: rates within four standard errors of the published ones. */
import { describe, expect, test } from 'vitest';
import { tryDesign } from '../../bench/honesty/designs.js';
import { countFalseAnswers, type FalseAnswers } from '../../bench/honesty/false-answers.js';
import { nullLaws, skewedLaws } from '../../bench/honesty/laws.js';

const paths = 1500;
const error = (share: number, n = paths) => 4 * Math.sqrt((share * (1 - share)) / n);

describe('false answers of one comparison', () => {
  const normal = countFalseAnswers(nullLaws[0]!, paths, 1);

  test.each<[Exclude<keyof FalseAnswers, 'law'>, number]>([
    ['oneLook', 0.05],
    ['fourLooks', 0.11],
    ['everyLook', 0.212],
    ['anytime', 0.018],
    ['coverage', 0.975],
  ])('of normal differences, %s: %d', (name, share) => {
    expect(Math.abs(normal[name] - share)).toBeLessThan(error(share));
  });

  test.each(nullLaws)('at most 5 % at any look where a setting changes nothing: $name', (law) => {
    const { anytime, coverage } = countFalseAnswers(law, paths, 2);
    expect(anytime).toBeLessThan(0.05);
    expect(coverage).toBeGreaterThan(0.95);
  });

  test('the limit is shown: of skewed differences with a mean of 0 more than 5 % are called different', () => {
    const { anytime } = countFalseAnswers(skewedLaws[0]!, paths, 3);
    expect(anytime).toBeGreaterThan(0.05);
    expect(Math.abs(anytime - 0.093)).toBeLessThan(error(0.093));
  });
});

describe('seeds until decided', () => {
  test('takes fewer trials than the fixed design that one could choose knowing the effects', () => {
    const { decided, falseDifferences, falseEquivalences, trials, oracleTrials } = tryDesign(
      { margin: 1, effects: [0, 1, 2] },
      200,
      4,
    );
    expect(decided).toBeGreaterThan(0.98);
    expect(falseDifferences).toBeLessThan(0.05);
    expect(falseEquivalences).toBeLessThan(0.05);
    expect(Math.abs(trials - 65)).toBeLessThan(6);
    expect(trials).toBeLessThan(oracleTrials!);
  });

  test('a difference as large as the margin is hardly ever called equivalent', () => {
    const { falseEquivalences } = tryDesign({ margin: 1, effects: [1, 1, 1] }, 300, 5);
    expect(falseEquivalences).toBeLessThan(0.05);
  });
});
