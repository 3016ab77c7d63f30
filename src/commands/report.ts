import { describeLeaderboard } from '../report/leaderboard-table.js';
import { writeResults } from '../report/write-results.js';
import type { Arguments } from './arguments.js';
import { loadPlan, readResults } from './load-plan.js';

/** Rebuilds every output from the journal. */
export async function report(args: Arguments): Promise<number> {
  const plan = await loadPlan(args.files[0]!, args);
  const { directory, journal } = await readResults(plan, args);
  await writeResults(directory, plan, journal);
  process.stdout.write(`${describeLeaderboard(plan, journal.outcomes)}\n`);
  return 0;
}
