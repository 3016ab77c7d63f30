import type { Plan, Trial } from './plan.js';

/** The trials of two plans, by id: trials that both have are trained once. */
export interface PlanDifference {
  readonly shared: readonly Trial[];
  /** Only in the first plan. */
  readonly added: readonly Trial[];
  /** Only in the second. */
  readonly gone: readonly Trial[];
}

export function comparePlans(plan: Plan, other: Plan): PlanDifference {
  const own = new Set(plan.trials.map(({ id }) => id));
  const others = new Set(other.trials.map(({ id }) => id));
  return {
    shared: plan.trials.filter(({ id }) => others.has(id)),
    added: plan.trials.filter(({ id }) => !others.has(id)),
    gone: other.trials.filter(({ id }) => !own.has(id)),
  };
}
