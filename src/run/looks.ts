/**
 * What was shown of comparisons, and when. Verdicts that hold at any look need none of this. Those at a number of seeds
 * that was fixed beforehand do: who has seen fewer seeds may have chosen the number by what they said.
 */
import { createHash } from 'node:crypto';
import type { Comparison, Plan, Trial } from '../plan/plan.js';
import { cellId } from '../plan/trial-id.js';
import { journalVersion, type LookRecord } from './journal-record.js';

/** Two cells, whatever their names, seeds and metric: 16 hexadecimal digits. */
export function comparisonKey(
  { trials }: Pick<Plan, 'trials'>,
  { cell, baseline }: Pick<Comparison, 'cell' | 'baseline'>,
): string {
  const seedless = [cell, baseline].map((index) => {
    const { context, params, data } = trials.find((trial): trial is Trial => trial.cellIndex === index)!;
    return cellId({ ...context, params, data });
  });
  return createHash('sha256').update(seedless.join(' ')).digest('hex').slice(0, 16);
}

/** @param shown the comparisons of which figures are shown, with the seeds that these rest on */
export function lookAt(
  plan: Plan,
  shown: readonly { readonly comparison: Comparison; readonly seeds: readonly number[] }[],
): LookRecord | null {
  if (shown.length === 0) return null;
  const seeds = new Set(shown.flatMap((one) => one.seeds));
  return {
    version: journalVersion,
    type: 'look',
    at: new Date().toISOString(),
    seeds: plan.seeds.filter((seed) => seeds.has(seed)),
    comparisons: shown.map(({ comparison }) => comparisonKey(plan, comparison)),
  };
}

/** Whether a look has shown all that another shows, over the same seeds. */
export function covers(look: LookRecord, other: LookRecord): boolean {
  const keys = new Set(look.comparisons);
  const areSame = look.seeds.length === other.seeds.length && isSubset(look.seeds, other.seeds);
  return areSame && other.comparisons.every((key) => keys.has(key));
}

/** The last look at comparisons of the plan that rested on some of its seeds, not all; null where there is none. */
export function findEarlierLook(plan: Plan, looks: readonly LookRecord[]): LookRecord | null {
  if (looks.length === 0) return null;
  const keys = new Set(plan.comparisons.map((comparison) => comparisonKey(plan, comparison)));
  return (
    looks.findLast(
      ({ seeds, comparisons }) =>
        seeds.length < plan.seeds.length &&
        isSubset(seeds, plan.seeds) &&
        comparisons.some((key) => keys.has(key)),
    ) ?? null
  );
}

function isSubset(some: readonly number[], all: readonly number[]): boolean {
  const set = new Set(all);
  return some.every((seed) => set.has(seed));
}
