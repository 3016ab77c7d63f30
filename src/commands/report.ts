import { analyse } from '../report/analyse.js';
import { describeResults } from '../report/text/describe-results.js';
import type { Arguments } from './arguments.js';
import { loadPlan } from './load-plan.js';
import { openResults } from './open-results.js';
import { writeCurrentResults } from './write-current-results.js';

/** Rebuilds every output from the journal; with --read-only, shows the leaderboard alone. */
export async function report(args: Arguments): Promise<number> {
  const plan = await loadPlan(args.files[0]!, args);
  const results = openResults(plan, args);
  const known = await results.read(plan.trials);
  const analysed = args.readOnly
    ? analyse(plan, known.outcomes)
    : await writeCurrentResults(plan, results, known, 2);
  process.stdout.write(`${describeResults(analysed, process.stdout.columns || Infinity)}\n`);
  return 0;
}
