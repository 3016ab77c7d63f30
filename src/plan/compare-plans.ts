import { count } from './arithmetic.js';
import type { Plan, Trial } from './trial.js';

/** More lines than a screen holds hide the counts. */
const maximumLines = 20;

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

/** For people; without a newline at the end. The files are named as the user wrote them. */
export function describeDifference(
  { shared, added, gone }: PlanDifference,
  file: string,
  other: string,
): string {
  const list = (title: string, trials: readonly Trial[]) => {
    const hidden = trials.length - maximumLines;
    return [
      `${title}: ${count(trials.length, 'trial')}`,
      ...trials.slice(0, maximumLines).map(({ label }) => `  ${label}`),
      ...(hidden > 0 ? [`  … and ${hidden} more (all of them with --json)`] : []),
    ];
  };
  return [
    `shared: ${count(shared.length, 'trial')} of ${file} and ${other}`,
    ...list(`new, only in ${file}`, added),
    ...list(`gone, only in ${other}`, gone),
  ].join('\n');
}
