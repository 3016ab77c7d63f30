import { join } from 'node:path';
import type { Plan } from '../plan/trial.js';
import type { JournalContent } from '../run/journal.js';
import { writeFileAtomically } from '../run/write-file-atomically.js';
import { comparisonsCsv, epochsCsv, leaderboardCsv, trialsCsv } from './csv-tables.js';

/** Rebuilds every output of an experiment: a pure function of the plan and the journal, so byte-identical. */
export async function writeResults(directory: string, plan: Plan, journal: JournalContent): Promise<void> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const files: Record<string, string> = {
    'leaderboard.csv': leaderboardCsv(plan, journal.outcomes),
    'comparisons.csv': comparisonsCsv(plan, journal.outcomes),
    'trials.csv': trialsCsv(plan, journal.outcomes),
    'epochs.csv': epochsCsv(plan, journal.outcomes),
    'plan.json': json(plan),
    ...(journal.environment ? { 'environment.json': json(journal.environment) } : {}),
  };
  for (const [name, content] of Object.entries(files))
    await writeFileAtomically(join(directory, name), content);
}
