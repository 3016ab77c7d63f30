import type { Plan } from '../plan/plan.js';
import type { TrialOutcome } from '../trial/outcome.js';
import { rankCells, type LeaderboardRow } from './statistics/leaderboard.js';
import { comparePairs, type PairedComparison } from './statistics/paired-comparisons.js';
import { collectResults, valuesBySeed, type TrialResult } from './statistics/trial-results.js';

/** What a plan's outcomes say. Every text and file of results is made of one such value. */
export interface Report {
  readonly plan: Plan;
  /** The trials that have an outcome, in the plan's order. */
  readonly results: readonly TrialResult[];
  /** Those of them that failed or diverged. */
  readonly misses: readonly TrialResult[];
  /** The cells, the best first. */
  readonly leaderboard: readonly LeaderboardRow[];
  /** Those of the plan's `compare`, in its order. */
  readonly comparisons: readonly PairedComparison[];
}

/** Computes all that a report needs, once. Outcomes of other plans' trials are left out. */
export function analyse(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): Report {
  const results = collectResults(plan, outcomes);
  const values = valuesBySeed(plan, results);
  return {
    plan,
    results,
    misses: results.filter(({ outcome }) => outcome.status !== 'completed'),
    leaderboard: rankCells(plan, results, values),
    comparisons: comparePairs(plan, values),
  };
}
