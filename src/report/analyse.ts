import type { Plan } from '../plan/plan.js';
import type { TrialOutcome } from '../trial/outcome.js';
import { rankCells, type LeaderboardRow } from './statistics/leaderboard.js';
import { comparePairs, type PairedComparison } from './statistics/paired-comparisons.js';
import { neededInRounds } from './statistics/needed-trials.js';
import {
  collectResults,
  valuesByCell,
  type CellValues,
  type TrialResult,
} from './statistics/trial-results.js';

/** What a plan's outcomes say. Every text and file of results is made of one such value. */
export interface Report {
  readonly plan: Plan;
  /** Ids of the trials that the answer needs, as far as is known: all of the plan's without a running design. */
  readonly needed: ReadonlySet<string>;
  /** The needed trials that have an outcome, in the plan's order. */
  readonly results: readonly TrialResult[];
  /** Those of them that failed or diverged. */
  readonly misses: readonly TrialResult[];
  /** The cells, the best first. */
  readonly leaderboard: readonly LeaderboardRow[];
  /** What each cell of the plan scored, by seed. */
  readonly values: readonly CellValues[];
  /** Those of the plan's `compare`, in its order. */
  readonly comparisons: readonly PairedComparison[];
}

/** Computes all that a report needs, once. Outcomes of other plans' trials are left out. */
export function analyse(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): Report {
  const all = collectResults(plan, outcomes);
  const values = valuesByCell(plan, all);
  const { comparisons, rounds } = comparePairs(plan, values);
  const needed = new Set(neededInRounds(plan, rounds).needed.map(({ id }) => id));
  const results = all.filter(({ trial }) => needed.has(trial.id));
  return {
    plan,
    needed,
    results,
    misses: results.filter(({ outcome }) => outcome.status !== 'completed'),
    leaderboard: rankCells(plan, results, values, rounds.seedsNeeded),
    values,
    comparisons,
  };
}
