import type { Cell, Comparison, Plan } from '../../plan/plan.js';
import type { CellValues, SeedValue, SeedValues } from './trial-results.js';

/** A cell and its baseline, seed by seed. */
export interface Pair {
  readonly cell: Cell;
  readonly baseline: Cell;
  /** The axes in which the two differ. */
  readonly differs: readonly string[];
  /** The images that the values are of. */
  readonly judgedOn: 'test' | 'validation';
  /** Seeds of either that hold no test value: for their sake all are judged on the validation images. */
  readonly untestedSeeds: readonly number[];
  readonly own: CellValues;
  readonly other: CellValues;
  /** Of each of the plan's seeds: cell − baseline, or why there is none. */
  readonly differences: readonly SeedValue[];
  /** The same of the validation values. */
  readonly validationDifferences: readonly SeedValue[];
}

/** @param values of each cell of the plan */
export function pairUp(
  { cell, baseline, differs }: Comparison,
  plan: Plan,
  values: readonly CellValues[],
): Pair {
  const [own, other] = [values[cell]!, values[baseline]!];
  const untested = new Set([...own.untestedSeeds, ...other.untestedSeeds]);
  const validationDifferences = subtract(own.validation, other.validation, plan.seeds);
  const onTest = untested.size === 0 && own.judgedOn === 'test' && other.judgedOn === 'test';
  return {
    cell: plan.cells[cell]!,
    baseline: plan.cells[baseline]!,
    differs,
    judgedOn: onTest ? 'test' : 'validation',
    untestedSeeds: plan.seeds.filter((seed) => untested.has(seed)),
    own,
    other,
    differences: onTest ? subtract(own.test, other.test, plan.seeds) : validationDifferences,
    validationDifferences,
  };
}

/** A seed that diverged or failed in one of the two has ended, although the other may be missing. */
function subtract(own: SeedValues, other: SeedValues, seeds: readonly number[]): SeedValue[] {
  return seeds.map((seed) => {
    const [value = 'missing', baseline = 'missing'] = [own.get(seed), other.get(seed)];
    if (typeof value === 'number' && typeof baseline === 'number') return value - baseline;
    const reasons = [value, baseline];
    return (['diverged', 'failed', 'missing'] as const).find((reason) => reasons.includes(reason))!;
  });
}
