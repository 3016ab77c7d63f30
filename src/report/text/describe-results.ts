import type { Plan } from '../../plan/plan.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import { describeComparison } from './describe-comparison.js';
import { describeOutcome } from './describe-outcome.js';
import { describeLeaderboard } from './leaderboard-table.js';
import { comparePairs } from '../statistics/paired-comparisons.js';
import { wrapWords } from './wrap-words.js';

/** More lines than this hide the leaderboard; trials.csv has them all. */
const maximumLines = 20;

/**
 * What a run ends with: the leaderboard, a sentence a comparison, then each trial without a result, with its cause and
 * log. No newline at the end.
 */
export function describeResults(
  plan: Plan,
  outcomes: ReadonlyMap<string, TrialOutcome>,
  width = Infinity,
): string {
  const sentences = comparePairs(plan, outcomes).flatMap((comparison) =>
    wrapWords(describeComparison(comparison, plan), width, [0, 2]),
  );
  const blocks = [
    describeLeaderboard(plan, outcomes, width).split('\n'),
    sentences,
    listMisses(plan, outcomes),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Trials that failed or diverged. Not wrapped: a log's path is to be copied. */
function listMisses(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): string[] {
  const lines = plan.trials.flatMap((trial) => {
    const outcome = outcomes.get(trial.id);
    return outcome === undefined || outcome.status === 'completed' ? [] : [describeOutcome(trial, outcome)];
  });
  const hidden = lines.length - maximumLines;
  if (hidden <= 0) return lines;
  return [
    ...lines.slice(0, maximumLines),
    `… and ${hidden} more without a result (all of them in trials.csv)`,
  ];
}
