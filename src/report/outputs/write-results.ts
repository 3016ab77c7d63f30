import { join } from 'node:path';
import type { Plan } from '../../plan/plan.js';
import type { JournalContent } from '../../run/journal.js';
import { writeFileAtomically } from '../../system/write-file-atomically.js';
import { comparisonsCsv, epochsCsv, leaderboardCsv, trialsCsv } from './csv-tables.js';

/** Rebuilds every output of an experiment: a pure function of the plan and the journal, so byte-identical. */
export async function writeResults(directory: string, plan: Plan, journal: JournalContent): Promise<void> {
  const files: Record<string, string> = {
    'leaderboard.csv': leaderboardCsv(plan, journal.outcomes),
    'comparisons.csv': comparisonsCsv(plan, journal.outcomes),
    'trials.csv': trialsCsv(plan, journal.outcomes),
    'epochs.csv': epochsCsv(plan, journal.outcomes),
    ...(journal.environment ? { 'environment.json': json(journal.environment) } : {}),
  };
  for (const [name, content] of Object.entries(files))
    await writeFileAtomically(join(directory, name), content);
  await writePlan(directory, plan);
}

/** Also what `runner gc` knows an experiment's trials by. */
export async function writePlan(directory: string, plan: Plan): Promise<void> {
  await writeFileAtomically(join(directory, 'plan.json'), json(plan));
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
