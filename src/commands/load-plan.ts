import { join } from 'node:path';
import { fashionMnistSha256 } from '../data/fashion-mnist.js';
import { peekWeightsSha256 } from '../model/weights-file.js';
import { expandPlan } from '../plan/expand-plan.js';
import type { TrialState } from '../plan/describe-plan.js';
import type { Plan, Trial } from '../plan/trial.js';
import { readJournal, type JournalContent } from '../run/journal.js';
import type { TrialOutcome } from '../run/outcome.js';
import { loadSpec } from '../spec/load-spec.js';
import type { Arguments } from './arguments.js';

/** What the planner may know of the world: hashes. Numbers of one engine family are compared, others are not. */
export const engineFamily = 'tensorflow';

/** Loads and expands a file. @throws RunnerError with all its problems */
export async function loadPlan(file: string, args: Arguments): Promise<Plan> {
  const spec = await loadSpec(file, args.overrides);
  return expandPlan(spec, {
    dataSha256: fashionMnistSha256,
    engineFamily,
    weightsSha256: (alpha, resolution) => peekWeightsSha256(args.weightsDir, alpha, resolution),
  });
}

export interface Results {
  readonly directory: string;
  readonly journalPath: string;
  readonly journal: JournalContent;
}

/** Finds and reads what earlier runs of the experiment left; warns of damage on standard error. */
export async function readResults(plan: Plan, args: Arguments): Promise<Results> {
  const directory = join(args.resultsDir, plan.name);
  const journalPath = join(directory, 'journal.jsonl');
  const journal = await readJournal(journalPath);
  for (const warning of journal.warnings) process.stderr.write(`warning: ${warning}\n`);
  return { directory, journalPath, journal };
}

/** A diverged trial is done: it is a finding. A failed one is run again. */
export function trialStates(
  plan: Plan,
  outcomes: ReadonlyMap<string, TrialOutcome>,
): ReadonlyMap<string, TrialState> {
  const stateOf = ({ id }: Trial): TrialState => {
    const outcome = outcomes.get(id);
    if (!outcome) return 'new';
    return outcome.status === 'failed' ? 'retryable' : 'done';
  };
  return new Map(plan.trials.map((trial) => [trial.id, stateOf(trial)]));
}

/** Mean seconds of the finished trials that differ from this one by the seed at most; null without any. */
export function secondsFromHistory(
  plan: Plan,
  outcomes: ReadonlyMap<string, TrialOutcome>,
): (trial: Trial) => number | null {
  const byCell = new Map<number, number[]>();
  for (const trial of plan.trials) {
    const outcome = outcomes.get(trial.id);
    if (outcome?.status !== 'completed') continue;
    byCell.set(trial.cellIndex, [...(byCell.get(trial.cellIndex) ?? []), outcome.trainSeconds]);
  }
  return ({ cellIndex }) => {
    const seconds = byCell.get(cellIndex);
    return seconds ? seconds.reduce((a, b) => a + b) / seconds.length : null;
  };
}
