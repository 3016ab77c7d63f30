/** Both sides are treated alike: what holds of differences above 0 holds of their negatives. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followSequence } from '../../../src/report/statistics/sequence.js';
import { equivalenceTTest } from '../../../src/report/statistics/statistics.js';

const negate = (differences: readonly number[]) => differences.map((difference) => -difference);
const clearGain = [0.012, 0.009, 0.015, 0.011, 0.008, 0.013];
const worse = [-0.02, -0.015, -0.03, -0.01, -0.025, -0.018, -0.022, -0.012];

describe('two one-sided t tests', () => {
  // SciPy 1.17.1: the larger p of ttest_1samp(d, -margin, alternative="greater") and ttest_1samp(d, margin, alternative="less")
  test.each([
    ['differences above 0', clearGain, 0.02, 0.0002167327718474079],
    ['their negatives', negate(clearGain), 0.02, 0.0002167327718474079],
    ['a mean beyond the negative margin', worse, 0.005, 0.9997039582627162],
    ['a mean beyond the margin', negate(worse), 0.005, 0.9997039582627162],
  ])('%s', (_, differences, margin, p) => {
    expect(Math.abs(equivalenceTTest(differences, margin)! / p - 1)).toBeLessThan(1e-9);
  });

  test('no p without a standard error', () => {
    expect(equivalenceTTest([0.01], 0.02)).toBeNull();
    expect(equivalenceTTest([0.01, 0.01, 0.01], 0.02)).toBeNull();
  });
});

describe('differences that are all equal', () => {
  test('are equivalent within a margin that is larger, on either side of 0, and never beyond it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 7, max: 40 }),
        (size, margin, n) => {
          fc.pre(Math.abs(size) !== margin);
          const differences = Array<number>(n).fill(size / 10_000);
          const { equivalenceP } = followSequence(differences, margin / 10_000).looks.at(-1)!;
          if (Math.abs(size) < margin) expect(equivalenceP).toBeLessThan(0.05);
          else expect(equivalenceP).toBe(1);
        },
      ),
    );
  });
});

describe('a mean that leaves the running interval', () => {
  const steady = [0.01, 0.0101, 0.0099, 0.01, 0.0102, 0.0098];

  test.each([
    ['upwards', 0.05],
    ['downwards', -0.05],
  ])('%s', (_, last) => {
    const { looks } = followSequence([...steady, last], null);
    expect(looks.map(({ meanOutside }) => meanOutside)).toEqual([...Array<boolean>(6).fill(false), true]);
  });

  test('is outside exactly where mean and interval say so', () => {
    const difference = fc.oneof(
      fc.integer({ min: 95, max: 105 }),
      fc.integer({ min: -1000, max: 1000 }), // from time to time one far from the others
    );
    fc.assert(
      fc.property(fc.array(difference, { minLength: 6, maxLength: 20 }), (counts) => {
        for (const { mean, runningInterval, meanOutside } of followSequence(counts, null).looks) {
          const [low, high] = runningInterval ?? [-Infinity, Infinity];
          expect(meanOutside).toBe(!(low <= mean && mean <= high));
        }
      }),
    );
  });
});
