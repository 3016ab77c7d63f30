import type { Plan } from '../../plan/plan.js';
import { pairUp, type Pair } from './pair-up.js';
import { playRounds, type Rounds } from './rounds.js';
import type { CellValues } from './trial-results.js';

/** The plan's comparisons, seed by seed, and their rounds. @param values of each cell of the plan */
export function playPlan(
  plan: Plan,
  values: readonly CellValues[],
): { readonly pairs: readonly Pair[]; readonly rounds: Rounds } {
  const pairs = plan.comparisons.map((comparison) => pairUp(comparison, plan, values));
  const rounds = playRounds({
    comparisons: plan.comparisons,
    differences: pairs.map(({ differences }) => differences),
    cells: plan.cells.length,
    seeds: plan.seeds.length,
    untilDecided: plan.untilDecided,
    margin: plan.judging.margin,
  });
  return { pairs, rounds };
}
