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

/** How many values a range has, without making them; below 1 where its step leads away from its end. */
export function countLinear({ start, stop, step }: LinearRange): number {
  // A step of 0.1 misses 0.5 by the last bit of a number; a billionth of a step forgives that.
  return Math.floor((stop - start) / step + 1e-9) + 1;
}

export function linearValues(range: LinearRange): number[] {
  return Array.from({ length: countLinear(range) }, (_, index) => round(range.start + index * range.step));
}

export function logValues({ start, stop, count }: LogRange): number[] {
  return Array.from({ length: count }, (_, index) =>
    index === count - 1 ? stop : round(start * (stop / start) ** (index / (count - 1))),
  );
}

/** 0.1 + 2 × 0.1 is 0.30000000000000004: a person means, and a file with a list says, 0.3. */
const round = (value: number): number => Number(value.toPrecision(12));
