import { count } from '../../diagnostics/count.js';
import type { PlanDifference } from '../../plan/compare-plans.js';
import type { Trial } from '../../plan/plan.js';

/** More lines than a screen holds hide the counts. */
const maximumLines = 20;

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
