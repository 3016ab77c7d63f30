import { count } from '../../diagnostics/count.js';
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
    '  = the scores are somewhat too good, simulated by 0.2 points after 10 epochs on 10,000 images',
    '  = `data: { validation: { holdout: 5000 } }` chooses on other images, `metric: { select: last }` does not choose',
    '  = more in docs/statistics.md, "The test set once"',
  ].join('\n');
}

/** A hint at trials of a held-out file that an earlier version trained, without looking at the test images. */
export function describeUntested(trials: number, file: string): string {
  return [
    `hint[no-test-value]: ${count(trials, 'trial')} of ${file} ${trials === 1 ? 'was' : 'were'} trained by an earlier version, and not tested on the test images`,
    '  = comparisons with them are judged on the validation images',
    `  = \`runner ${file} --force\` trains all of its trials again`,
  ].join('\n');
}
