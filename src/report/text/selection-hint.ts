import type { Plan } from '../../plan/plan.js';

/**
 * A hint where trials take their best epoch by what it scores on the test set: the best of several noisy readings
 * is too good. Null where the last epoch counts, where images are held out, and where there is one epoch only.
 * @param file as the user wrote it.
 */
export function describeSelectionHint(plan: Plan, file: string): string | null {
  const chooses =
    plan.metric.select === 'best' &&
    plan.trials.some(({ params, data }) => data.validation === 'test' && params.epochs > 1);
  if (!chooses) return null;
  return [
    `hint[selects-on-test-set]: ${file} takes each trial's best epoch by its score on the test set`,
    '  = the scores are somewhat too good; the order of the cells changes little',
    '  = `data: { validation: { holdout: 5000 } }` chooses on other images, `metric: { select: last }` does not choose',
    '  = more in docs/statistics.md, "What the interval does not cover"',
  ].join('\n');
}
