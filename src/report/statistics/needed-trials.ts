import type { Plan, Trial } from '../../plan/plan.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import { playPlan } from './plan-rounds.js';
import type { Rounds } from './rounds.js';
import { collectResults, valuesByCell } from './trial-results.js';

/** Which trials a plan's answer takes, as far as the outcomes tell. In the plan's order. */
export interface NeededTrials {
  /** Every one that is needed, ended or not. */
  readonly needed: readonly Trial[];
  /** Those that are needed if no verdict comes before them, a list for each round: the next seed of each open cell. */
  readonly ifUndecided: readonly (readonly Trial[])[];
}

/** A pure function of the outcomes in the plan's order of seeds. */
export function neededTrials(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): NeededTrials {
  return neededInRounds(plan, playPlan(plan, valuesByCell(plan, collectResults(plan, outcomes))).rounds);
}

/** The same of rounds that were played. Without a running design every trial is needed. */
export function neededInRounds(plan: Plan, { seedsNeeded, mayNeedMore }: Rounds): NeededTrials {
  const place = new Map(plan.seeds.map((seed, index) => [seed, index]));
  const needed: Trial[] = [];
  const later: Trial[][] = [];
  for (const trial of plan.trials) {
    const { cellIndex, seed } = trial;
    const ahead = place.get(seed)! - seedsNeeded[cellIndex]!;
    if (ahead < 0) needed.push(trial);
    else if (mayNeedMore[cellIndex]) (later[ahead] ??= []).push(trial);
  }
  return { needed, ifUndecided: later };
}
