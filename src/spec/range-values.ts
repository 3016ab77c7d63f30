/** Evenly spaced values from `start` towards `stop`, which is included where a step falls on it. */
export interface LinearRange {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

/** Values at equal ratios from `start` to `stop`, both included. */
export interface LogRange {
  readonly start: number;
  readonly stop: number;
  readonly count: number;
}

/** How many values a range has, without making them; 0 where its step leads away from its end. */
export function countLinear(range: LinearRange): number {
  return measure(range).count;
}

/**
 * The values as a person would write them: sums of decimal numbers, without the rounding of binary ones. In binary,
 * 0.9 − 3 × 0.3 is 1.1e-16.
 */
export function linearValues(range: LinearRange): number[] {
  const { count, decimals, start, step, endsOnStop } = measure(range);
  return Array.from({ length: count }, (_, index) =>
    endsOnStop && index > 0 && index === count - 1
      ? range.stop
      : Number(`${start + BigInt(index) * step}e-${decimals}`),
  );
}

/** A range in whole units of its last decimal place: 0.9 to 0 by −0.3 is 9 to 0 by −3. */
function measure(range: LinearRange) {
  const decimals = Math.max(...[range.start, range.stop, range.step].map(countDecimals));
  const [start, stop, step] = [range.start, range.stop, range.step].map((value) =>
    toUnits(value, decimals),
  ) as [bigint, bigint, bigint];
  const [way, stride] = step > 0n ? [stop - start, step] : [start - stop, -step];
  if (way < 0n) return { count: 0, decimals, start, step, endsOnStop: false };
  const rest = way % stride;
  // Fractions such as 1/3 have no last decimal place: three steps of 0.3333333333333333 miss 1 in the 16th.
  const size = [start, -start, stop, -stop].reduce((a, b) => (a > b ? a : b));
  const isNothing = (gap: bigint) => gap * 10n ** 12n <= size && gap * 10n ** 9n <= stride;
  const goesBeyond = isNothing(stride - rest);
  const count = Number(way / stride) + (goesBeyond ? 2 : 1);
  return { count, decimals, start, step, endsOnStop: goesBeyond || isNothing(rest) };
}

/** JavaScript writes the shortest digits that read back: those of the file. `1.5e-7` has 8 decimal places. */
function countDecimals(value: number): number {
  const [digits, exponent = '0'] = String(value).split('e') as [string, string?];
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent));
}

function toUnits(value: number, decimals: number): bigint {
  const [digits, exponent = '0'] = String(value).split('e') as [string, string?];
  const [whole, fraction = ''] = digits.split('.') as [string, string?];
  return BigInt(whole + fraction) * 10n ** BigInt(decimals - fraction.length + Number(exponent));
}

/** Both ends as they are given; between them 12 digits, so that 1e-4 to 0.1 passes 0.001 and 0.01. */
export function logValues({ start, stop, count }: LogRange): number[] {
  return Array.from({ length: count }, (_, index) => {
    if (index === 0) return start;
    if (index === count - 1) return stop;
    return Number((start * (stop / start) ** (index / (count - 1))).toPrecision(12));
  });
}
