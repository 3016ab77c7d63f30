import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countLinear, linearValues, logValues } from '../../src/spec/range-values.js';

describe('evenly spaced values are those of a list that a person writes', () => {
  test.each<[number, number, number, readonly number[]]>([
    [0.9, 0, -0.3, [0.9, 0.6, 0.3, 0]],
    [0.3, 0, -0.1, [0.3, 0.2, 0.1, 0]],
    [-0.3, 0.3, 0.1, [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]],
    [0, 1, 0.333, [0, 0.333, 0.666, 0.999]],
    [0, 5e-4, 1e-4, [0, 1e-4, 2e-4, 3e-4, 4e-4, 5e-4]],
    [3e-8, 0, -1e-8, [3e-8, 2e-8, 1e-8, 0]],
    [1_000_000.5, 1_000_001.25, 0.25, [1_000_000.5, 1_000_000.75, 1_000_001, 1_000_001.25]],
    [1_000_000.1, 1_000_000.3, 0.1, [1_000_000.1, 1_000_000.2, 1_000_000.3]],
    [123_456_789.0001, 123_456_789.0003, 0.0001, [123_456_789.0001, 123_456_789.0002, 123_456_789.0003]],
    [1e21, 4e21, 1.5e21, [1e21, 2.5e21, 4e21]],
    [0, 0.95, 0.1, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]],
    [0.5, 0.5, -1, [0.5]],
    // Fractions without a last decimal place end where they were meant to.
    [0, 1, 1 / 3, [0, 1 / 3, 2 / 3, 1]],
    [1, 0, -1 / 3, [1, 0.6666666666666667, 0.3333333333333334, 0]],
    [0, 0.5, 0.1666666666666667, [0, 0.1666666666666667, 0.3333333333333334, 0.5]],
    [0.1 + 0.2, 0.5, 0.1, [0.30000000000000004, 0.4, 0.5]],
  ])('%d to %d by %d', (start, stop, step, values) => {
    expect(linearValues({ start, stop, step })).toEqual(values);
    expect(countLinear({ start, stop, step })).toBe(values.length);
  });

  test('for any decimals, up and down, and no zero is below 0', () => {
    const check = (decimals: number, from: bigint, stride: bigint, steps: number, beyond: number) => {
      const write = (units: bigint) => `${units}e-${decimals}`;
      const written = Array.from({ length: steps + 1 }, (_, index) =>
        Number(write(from + BigInt(index) * stride)),
      );
      const stop = from + BigInt(steps) * stride + (stride * BigInt(beyond)) / 10n;
      const range = { start: Number(write(from)), stop: Number(write(stop)), step: Number(write(stride)) };
      expect(linearValues(range)).toEqual(written); // tells -0 from 0
      expect(countLinear(range)).toBe(steps + 1);
    };
    const stride = fc.bigInt(-9999n, 9999n).filter((units) => units !== 0n);
    const beyond = fc.integer({ min: 0, max: 9 }); // tenths of a step, rounded down: never a whole one
    fc.assert(
      fc.property(fc.nat(9), fc.bigInt(-99_999_999n, 99_999_999n), stride, fc.nat(60), beyond, check),
      { numRuns: 2000 },
    );
  });

  test('there are none where the step leads away, and a huge number is counted, not made', () => {
    expect(linearValues({ start: 0, stop: -1e-9, step: 0.1 })).toEqual([]);
    expect(countLinear({ start: 0, stop: 0.9, step: 1e-9 })).toBe(900_000_001);
    expect(countLinear({ start: -1e308, stop: 1e308, step: 5e-324 })).toBe(Infinity);
  });
});

test.each<[number, number, number, readonly number[]]>([
  [1e-4, 0.1, 4, [1e-4, 1e-3, 0.01, 0.1]],
  [0.1, 1e-4, 4, [0.1, 0.01, 1e-3, 1e-4]],
  [0.1 + 0.2, 0.1 + 0.7, 2, [0.30000000000000004, 0.7999999999999999]],
])('equal ratios end on both ends exactly: %d to %d', (start, stop, count, values) => {
  expect(logValues({ start, stop, count })).toEqual(values);
});
