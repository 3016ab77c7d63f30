/**
 * What was shown of comparisons, and when. Verdicts that hold at any look need none of this. Those at a number of seeds
 * that was fixed beforehand do: who has seen fewer seeds may have chosen the number by what they said.
 */
import { createHash } from 'node:crypto';
import type { Comparison, Plan } from '../plan/plan.js';
import { cellId } from '../plan/trial-id.js';
import { journalVersion, type LookRecord } from './journal-record.js';

/** Two cells, whatever their names, seeds and metric: 16 hexadecimal digits. */
export function comparisonKey(
  { trials }: Pick<Plan, 'trials'>,
  { cell, baseline }: Pick<Comparison, 'cell' | 'baseline'>,
): string {
  const seedless = [cell, baseline].map((index) => {
    const { context, params, data } = trials.find(({ cellIndex }) => cellIndex === index)!;
    return cellId({ ...context, params, data });
  });
  return createHash('sha256').update(seedless.join(' ')).digest('hex').slice(0, 16);
}

/** @param figures the seeds that each of the plan's comparisons rests on; of one without any, nothing is shown */
export function lookAt(plan: Plan, figures: readonly (readonly number[])[]): LookRecord | null {
  const shown = new Map<string, { readonly seeds: readonly number[]; readonly comparisons: string[] }>();
  for (const [index, seeds] of figures.entries()) {
    if (seeds.length === 0) continue;
    const key = seeds.join(' ');
    if (!shown.has(key)) shown.set(key, { seeds, comparisons: [] });
    shown.get(key)!.comparisons.push(comparisonKey(plan, plan.comparisons[index]!));
  }
  if (shown.size === 0) return null;
  return {
    version: journalVersion,
    type: 'look',
    at: new Date().toISOString(),
    fixed: plan.judging.stopping === 'fixed' ? plan.seeds : null,
    shown: [...shown.values()],
  };
}

/** Whether a look has shown all that another shows. */
export function covers(look: LookRecord, other: LookRecord): boolean {
  const contents = ({ fixed, shown }: LookRecord) =>
    shown.flatMap(({ seeds, comparisons }) =>
      comparisons.map((key) => `${key} ${seeds.join(' ')} ${fixed?.join(' ') ?? 'any'}`),
    );
  const seen = new Set(contents(look));
  return contents(other).every((one) => seen.has(one));
}

/**
 * The last look at comparisons of the plan that rested on some of its seeds, but not on just these, or came while others
 * were fixed; null where there is none. What was shown on the way to the same fixed seeds does not count.
 */
export function findEarlierLook(
  plan: Plan,
  looks: readonly LookRecord[],
): { readonly at: string; readonly seeds: readonly number[] } | null {
  if (looks.length === 0) return null;
  const keys = new Set(plan.comparisons.map((comparison) => comparisonKey(plan, comparison)));
  const own = new Set(plan.seeds);
  const areOwn = (seeds: readonly number[]) =>
    seeds.length === own.size && seeds.every((seed) => own.has(seed));
  for (const { at, fixed, shown } of looks.toReversed()) {
    if (fixed && areOwn(fixed)) continue;
    const found = shown.find(
      ({ seeds, comparisons }) =>
        seeds.some((seed) => own.has(seed)) &&
        (fixed !== null || !areOwn(seeds)) &&
        comparisons.some((key) => keys.has(key)),
    );
    if (found) return { at, seeds: found.seeds };
  }
  return null;
}
