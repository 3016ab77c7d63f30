import type { Report } from '../analyse.js';
import { describeComparison } from './describe-comparison.js';
import { describeOutcome } from './describe-outcome.js';
import { describeLeaderboard } from './leaderboard-table.js';
import { wrapWords } from './wrap-words.js';

/** More lines than this hide the leaderboard; trials.csv has them all. */
const maximumLines = 20;

/**
 * What a run ends with: the leaderboard, one sentence per comparison, then each trial without a result, with its cause
 * and log. No newline at the end.
 */
export function describeResults(report: Report, width = Infinity): string {
  const sentences = report.comparisons.flatMap((comparison) =>
    wrapWords(describeComparison(comparison, report.plan), width, [0, 2]),
  );
  const blocks = [describeLeaderboard(report, width).split('\n'), sentences, listMisses(report)];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Trials that failed or diverged. Not wrapped: a log's path is to be copied. */
function listMisses({ misses }: Report): string[] {
  const lines = misses.slice(0, maximumLines).map(({ trial, outcome }) => describeOutcome(trial, outcome));
  const hidden = misses.length - maximumLines;
  return hidden <= 0
    ? lines
    : [...lines, `… and ${hidden} more without a result (all of them in trials.csv)`];
}
