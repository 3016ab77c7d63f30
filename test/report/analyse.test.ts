import { expect, test } from 'vitest';
import { analyse } from '../../src/report/analyse.js';
import { outputs } from '../../src/report/write-results.js';
import { describeResults } from '../../src/report/text/describe-results.js';
import type { TrialOutcome } from '../../src/trial/outcome.js';
import { comparisonPlan, someIncomplete } from './comparison-plan.js';

const { plan, outcomes } = comparisonPlan('augmentation', someIncomplete);

/** Outcomes that count how often they are asked for. */
class CountingOutcomes extends Map<string, TrialOutcome> {
  readonly reads: string[] = [];

  override get(id: string): TrialOutcome | undefined {
    this.reads.push(id);
    return super.get(id);
  }
}

test('reads each outcome once, and every text and file is made of the report alone', () => {
  const counting = new CountingOutcomes(outcomes);
  const report = analyse(plan, counting);
  expect(counting.reads).toEqual(plan.trials.map(({ id }) => id));
  describeResults(report, 80);
  for (const { render } of outputs) render(report, null);
  expect(counting.reads).toHaveLength(plan.trials.length);
});

test('holds the results, the cells from the best, the comparisons and what has no numbers', () => {
  const report = analyse(plan, outcomes);
  expect(report.results.map(({ trial, outcome }) => [trial.id, outcome.status])).toEqual([
    ['0-2017', 'completed'],
    ['0-2018', 'completed'],
    ['0-2019', 'completed'],
    ['1-2017', 'completed'],
    ['1-2018', 'diverged'],
    ['1-2019', 'completed'],
    ['2-2017', 'completed'],
    ['2-2019', 'completed'],
  ]);
  expect(report.misses.map(({ trial }) => trial.id)).toEqual(['1-2018']);
  expect(report.leaderboard.map(({ rank, cell }) => [rank, cell.axes['augmentation']])).toEqual([
    [1, 'none'],
    [null, 'mask'],
    [null, 'flip'],
  ]);
  expect(report.comparisons.map(({ verdict }) => verdict)).toEqual(['incomplete', 'too-few-seeds']);
});
