/** Against SciPy and statsmodels: scripts/make-statistics-fixtures.py makes the fixture. */
import { readFileSync } from 'node:fs';
import { stdtr, stdtri } from 'cephes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adjustByHolm } from '../../../src/report/statistics/holm.js';
import {
  maximumExactPairs,
  signFlipTest,
  smallestExactP,
} from '../../../src/report/statistics/sign-flip-test.js';
import {
  cohensDz,
  mean,
  standardDeviation,
  tInterval,
  tTest,
} from '../../../src/report/statistics/statistics.js';

interface Fixture {
  readonly samples: readonly {
    readonly name: string;
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly mean: number;
    readonly sd: number;
    readonly interval: readonly [number, number];
    readonly tP: number;
    readonly exactP: number;
    readonly dz: number;
  }[];
  readonly quantiles: readonly { readonly df: number; readonly t: number }[];
  readonly tails: readonly { readonly df: number; readonly t: number; readonly p: number }[];
  readonly families: readonly { readonly p: readonly number[]; readonly holm: readonly number[] }[];
}

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/statistics.json', import.meta.url), 'utf8'),
) as Fixture;

/** Equal to 1e-9, relative; `scale` stands in for a figure that may be 0 where its rounding errors are not. */
function expectClose(actual: number | null, expected: number, scale = Math.abs(expected)): void {
  expect(actual).not.toBeNull();
  expect(Math.abs(actual! - expected), `${actual} is not ${expected}`).toBeLessThanOrEqual(1e-9 * scale);
}

describe('as SciPy', () => {
  test.each(fixture.samples)('$name', ({ a, b, ...expected }) => {
    const differences = a.map((value, index) => value - b[index]!);
    expectClose(mean(differences), expected.mean, Math.max(...differences.map(Math.abs)));
    expectClose(standardDeviation(differences), expected.sd);
    const width = expected.interval[1] - expected.interval[0];
    for (const end of [0, 1] as const)
      expectClose(tInterval(differences)![end], expected.interval[end], width);
    expectClose(tTest(differences), expected.tP);
    expectClose(cohensDz(differences), expected.dz, Math.max(1, Math.abs(expected.dz)));
    expectClose(signFlipTest(differences), expected.exactP);
  });

  test.each(fixture.quantiles)('the t quantile of $df degrees of freedom', ({ df, t }) => {
    expectClose(stdtri(df, 0.975), t);
  });

  test.each(fixture.tails)('the tails of $df degrees of freedom beyond $t', ({ df, t, p }) => {
    expectClose(2 * stdtr(df, -t), p);
  });
});

test.each(fixture.families)('Holm as statsmodels: $p', ({ p, holm }) => {
  const adjusted = adjustByHolm(p);
  expect(adjusted).toHaveLength(holm.length);
  for (const [index, expected] of holm.entries()) expectClose(adjusted[index]!, expected);
});

test('Holm of no comparison is none', () => expect(adjustByHolm([])).toEqual([]));

describe('sign-flip test', () => {
  test.each([
    ['no pair', [], null],
    ['one pair', [0.01], 1],
    ['two of one sign', [0.01, 0.02], 0.5],
    ['five of one sign', [1, 2, 3, 4, 5], 0.0625],
    ['six of one sign', [-1, -2, -3, -4, -5, -6], 0.03125],
    ['all equal, by steps that are not binary', Array.from({ length: 6 }, () => 0.83 - 0.82), 0.03125],
    ['only zeros', [0, 0, 0], 1],
    ['zeros take no side', [0, 0, 3, 3, 3, 3, 3, 3], 0.03125],
    ['a mean that is 0 but for rounding', [0.1, 0.2, -0.3], 1],
    ['the largest number of pairs', Array.from({ length: maximumExactPairs }, () => 1), 2 ** -29],
    ['one pair more', Array.from({ length: maximumExactPairs + 1 }, () => 1), null],
  ])('%s', (_, differences, p) => expect(signFlipTest(differences)).toBe(p));

  test('counts as walking all patterns does, in any order and scale, whichever cell is the baseline', () => {
    const walk = (differences: readonly number[]) => {
      const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0));
      let extreme = 0;
      for (let signs = 0; signs < 2 ** differences.length; signs++) {
        const sum = differences.reduce((s, d, bit) => s + ((signs >> bit) & 1 ? d : -d), 0);
        if (Math.abs(sum) >= observed) extreme++;
      }
      return extreme / 2 ** differences.length;
    };
    const integers = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 11 });
    fc.assert(
      fc.property(integers, (differences) => {
        const p = walk(differences);
        expect(signFlipTest(differences)).toBe(p);
        expect(signFlipTest(differences.map((difference) => -difference / 10_000))).toBe(p);
        expect(signFlipTest(differences.toReversed())).toBe(p);
        expect(p).toBeGreaterThanOrEqual(smallestExactP(differences.length)!);
      }),
    );
  });

  test.each([
    [0, null],
    [1, 1],
    [5, 0.0625],
    [6, 0.03125],
  ])('%i pairs can give %d at the smallest', (pairs, p) => expect(smallestExactP(pairs)).toBe(p));
});

describe('what cannot be known is null', () => {
  test.each([
    ['no value', []],
    ['one value', [0.01]],
    ['equal values', [0.01, 0.01, 0.01]],
    ['zeros', [0, 0]],
    ['equal differences but for rounding', [0.83 - 0.82, 0.84 - 0.83, 0.96 - 0.95]],
  ])('%s', (_, values) => {
    expect([tInterval(values), tTest(values), cohensDz(values)]).toEqual([null, null, null]);
  });

  test('one value has no standard deviation, equal ones have 0', () => {
    expect([standardDeviation([1]), standardDeviation([1, 1]), mean([])]).toEqual([null, 0, null]);
  });
});
