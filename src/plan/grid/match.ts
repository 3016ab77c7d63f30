import { canonicalJson } from '../../spec/canonical-json.js';
import type { MatchEntry } from '../../spec/experiment-spec.js';
import { isMapping, valueAt } from './assignment.js';

/** A cell's resolved parameters, the augmentation set by its name, and the name of its variant. */
export type CellValues = Readonly<Record<string, unknown>>;

/** Whether a cell has all the values that a rule names. A parameter that the cell has not matches nothing. */
export function matches(rule: MatchEntry, values: CellValues): boolean {
  for (const name in rule) if (!isAnyOf(valueAt(values, name), rule[name])) return false;
  return true;
}

function isAnyOf(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (typeof value !== 'object') return scalarsIn(wanted).has(value);
    return wanted.some((one) => isAnyOf(value, one)) || (Array.isArray(value) && isEqual(value, wanted));
  }
  if (isMapping(wanted)) return isMapping(value) && matches(wanted, value);
  return value === wanted;
}

const known = new WeakMap<readonly unknown[], ReadonlySet<unknown>>();

/** Kept: a rule of 100,000 values is asked about 100,000 cells. */
function scalarsIn(list: readonly unknown[]): ReadonlySet<unknown> {
  let scalars = known.get(list);
  if (!scalars) known.set(list, (scalars = new Set(list.flat(Infinity))));
  return scalars;
}

const isEqual = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);
