/** Against SciPy: scripts/make-anytime-fixtures.py makes the fixture. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  detectable,
  projectSeeds,
  smallestDecidable,
  type Projection,
} from '../../../src/report/statistics/decidability.js';
import { criticalT, logEvalueT } from '../../../src/report/statistics/e-values.js';
import {
  analyseImageSampling,
  sumDifferences,
  type ImageSampling,
} from '../../../src/report/statistics/image-sampling.js';
import { followSequence, type Look } from '../../../src/report/statistics/sequence.js';

interface Fixture {
  readonly paired: readonly {
    readonly name: string;
    readonly differences: readonly number[];
    readonly margin: number | null;
    readonly looks: readonly Omit<Look, 'meanOutside'>[];
  }[];
  readonly criticalT: readonly { readonly n: number; readonly alpha: number; readonly t: number | null }[];
  readonly smallestDecidable: readonly { readonly comparisons: number; readonly seeds: number }[];
  readonly detectable: readonly {
    readonly n: number;
    readonly comparisons: number;
    readonly difference: number | null;
    readonly margin: number | null;
  }[];
  readonly projections: readonly {
    readonly input: Parameters<typeof projectSeeds>[0];
    readonly output: Projection;
  }[];
  readonly images: readonly (ImageSampling & {
    readonly name: string;
    readonly images: number;
    readonly own: readonly string[];
    readonly baseline: readonly string[];
  })[];
}

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/anytime.json', import.meta.url), 'utf8'),
) as Fixture;

/** To 1e-9, relative to numbers above 1e-3 (a sum that cancels has the rounding of its terms). */
function expectClose(actual: unknown, expected: unknown, what: string): void {
  if (Array.isArray(expected)) {
    for (const [index, value] of expected.entries())
      expectClose((actual as unknown[])[index], value, `${what} ${index}`);
  } else if (Number.isFinite(expected) && Number.isFinite(actual)) {
    const [wanted, got] = [expected as number, actual as number];
    const tolerance = 1e-9 * Math.max(Math.abs(wanted), 1e-3);
    expect(Math.abs(got - wanted), `${what}: ${got} for ${wanted}`).toBeLessThanOrEqual(tolerance);
  } else expect(actual, what).toEqual(expected);
}

test.each(fixture.paired)('every look at $name', ({ differences, margin, looks }) => {
  const followed = followSequence(differences, margin).looks;
  expect(followed).toHaveLength(differences.length);
  for (const look of looks)
    for (const [name, value] of Object.entries(look))
      expectClose(followed[look.n - 1]![name as keyof Look], value, `${name} at ${look.n}`);
});

test.each(fixture.criticalT)('|t| at which the e-value of $n is 1/$alpha', ({ n, alpha, t }) => {
  expectClose(criticalT(n, alpha), t ?? Infinity, 't');
});

test.each(fixture.smallestDecidable)('$comparisons comparisons take $seeds seeds', (row) => {
  expect(smallestDecidable(row.comparisons)).toBe(row.seeds);
});

test.each(fixture.detectable)('what $n seeds tell in $comparisons comparisons', (row) => {
  const { difference, margin } = detectable(row.n, row.comparisons);
  expectClose(difference, row.difference, 'difference');
  expectClose(margin, row.margin, 'margin');
});

test.each(fixture.projections)('how many seeds would settle $input', ({ input, output }) => {
  expect(projectSeeds(input)).toEqual(output);
});

test.each(fixture.images)('seeds × images: $name', ({ name, images, own, baseline, ...expected }) => {
  const pairs = own.map((bits, seed) => ({
    own: Buffer.from(bits, 'hex'),
    baseline: Buffer.from(baseline[seed]!, 'hex'),
  }));
  const actual = analyseImageSampling(sumDifferences(pairs, images))!;
  for (const [figure, value] of Object.entries(expected))
    expectClose(actual[figure as keyof ImageSampling], value, `${name}: ${figure}`);
});

test('one seed, one image, and images on which nothing differs', () => {
  const same = { own: Uint8Array.of(5), baseline: Uint8Array.of(5) };
  expect(analyseImageSampling(sumDifferences([same], 8))).toBeNull();
  expect(analyseImageSampling(sumDifferences([same, same], 1))).toBeNull();
  const nothing = analyseImageSampling(sumDifferences(Array(6).fill(same), 8))!;
  expect([nothing.mean, nothing.interval, nothing.anytimeInterval, nothing.share]).toEqual([
    0,
    [0, 0],
    [0, 0],
    0,
  ]);
});

test('seeds that hardly differ, on images that differ by chance alone, give an interval of numbers', () => {
  // About 0.0004 degrees of freedom: cephes could not compute t.
  const sums = { images: 10_000, bySeed: [10, 10, 11], byImage: Array<number>(31).fill(1), squares: 5000 };
  const { degreesOfFreedom, interval, mean } = analyseImageSampling(sums)!;
  expect(degreesOfFreedom).toBeLessThan(0.001);
  expect(mean).toBeCloseTo(31 / 30_000, 12);
  expect(interval.every(Number.isFinite)).toBe(true);
  expect(interval[1] - interval[0]).toBeGreaterThan(2); // says nothing, as it should
});

describe('properties', () => {
  /** Of accuracies over a million images. */
  const difference = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((images) => images / 1_000_000);
  const numbers = fc.array(difference, { minLength: 2, maxLength: 40 });
  const lastOf = (differences: readonly number[], margin: number | null = null) =>
    followSequence(differences, margin).looks.at(-1)!;
  const isClose = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));

  test('the e-value at the critical t is 1/α', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6, max: 500 }),
        fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
        (n, alpha) => {
          const t = criticalT(n, alpha);
          if (t < Infinity) expect(Math.abs(logEvalueT(t ** 2, n) + Math.log(alpha))).toBeLessThan(1e-9);
        },
      ),
    );
  });

  test('scaling the differences and the margin changes no p; their negatives swap the sides', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: -6, max: 6 }), (differences, power) => {
        const scale = 2 ** power; // exact
        const [own, scaled, negated] = [
          lastOf(differences, 0.25),
          lastOf(
            differences.map((d) => d * scale),
            0.25 * scale,
          ),
          lastOf(
            differences.map((d) => -d),
            0.25,
          ),
        ];
        for (const other of [scaled, negated]) {
          expect(isClose(own.anytimeP, other.anytimeP)).toBe(true);
          expect(isClose(own.equivalenceP!, other.equivalenceP!)).toBe(true);
        }
        expect(isClose(own.mean, -negated.mean)).toBe(true);
      }),
    );
  });

  test('a p never rises, an interval never widens', () => {
    fc.assert(
      fc.property(numbers, (differences) => {
        const { looks } = followSequence(differences, 0.3);
        for (const [index, look] of looks.entries()) {
          const before = looks[index - 1];
          if (!before) continue;
          expect(look.anytimeP).toBeLessThanOrEqual(before.anytimeP);
          expect(look.equivalenceP).toBeLessThanOrEqual(before.equivalenceP!);
          if (!before.runningInterval) continue;
          expect(look.runningInterval![0]).toBeGreaterThanOrEqual(before.runningInterval[0]);
          expect(look.runningInterval![1]).toBeLessThanOrEqual(before.runningInterval[1]);
        }
      }),
    );
  });

  test('the order of the first five seeds changes no t mixture from the sixth look on', () => {
    fc.assert(
      fc.property(numbers, (differences) => {
        if (differences.length < 6) return;
        const shuffled = [...differences.slice(0, 5).reverse(), ...differences.slice(5)];
        const [own, other] = [differences, shuffled].map((one) => followSequence(one, null).looks.slice(5));
        for (const [index, { logE }] of own!.entries()) expect(isClose(logE, other![index]!.logE)).toBe(true);
      }),
    );
  });

  test('at any scale, and with any margin, a p is between 0 and 1', () => {
    const power = fc.integer({ min: -60, max: 60 });
    fc.assert(
      fc.property(numbers, power, power, (differences, own, other) => {
        const scaled = differences.map((one) => one * 10 ** own);
        const { anytimeP, equivalenceP } = lastOf(scaled, 10 ** other);
        for (const p of [anytimeP, equivalenceP!]) expect(p >= 0 && p <= 1).toBe(true);
      }),
    );
  });

  test('below six seeds there is no p below 1 and no interval', () => {
    fc.assert(
      fc.property(numbers, (differences) => {
        const { anytimeP, equivalenceP, runningInterval } = lastOf(differences.slice(0, 5), 0.5);
        expect([anytimeP, equivalenceP, runningInterval]).toEqual([1, 1, null]);
      }),
    );
  });
});
