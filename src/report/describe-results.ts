import type { Plan } from '../plan/trial.js';
import type { TrialOutcome } from '../run/outcome.js';
import { describeComparison } from './describe-comparison.js';
import { describeLeaderboard } from './leaderboard-table.js';
import { comparePairs } from './paired-comparisons.js';
import { wrapWords } from './wrap-words.js';

/** What a run ends with: the leaderboard, then a sentence a comparison. No newline at the end. */
export function describeResults(
  plan: Plan,
  outcomes: ReadonlyMap<string, TrialOutcome>,
  width = Infinity,
): string {
  const sentences = comparePairs(plan, outcomes).flatMap((comparison) =>
    wrapWords(describeComparison(comparison, plan), width, [0, 2]),
  );
  const leaderboard = describeLeaderboard(plan, outcomes, width);
  return sentences.length === 0 ? leaderboard : [leaderboard, '', ...sentences].join('\n');
}
