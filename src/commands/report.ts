import { describeResults } from '../report/describe-results.js';
import { writeResults } from '../report/write-results.js';
import type { Arguments } from './arguments.js';
import { loadPlan, readResults, writingResults } from './load-plan.js';

/** Rebuilds every output from the journal; with --read-only, shows the leaderboard alone. */
export async function report(args: Arguments): Promise<number> {
  const plan = await loadPlan(args.files[0]!, args);
  const { directory, journal } = await readResults(plan, args);
  if (!args.readOnly) await writingResults(directory, 2, () => writeResults(directory, plan, journal));
  process.stdout.write(`${describeResults(plan, journal.outcomes, process.stdout.columns || Infinity)}\n`);
  return 0;
}
