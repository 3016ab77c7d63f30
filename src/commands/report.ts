import { analyse } from '../report/analyse.js';
import type { Arguments } from './arguments.js';
import { loadPlan } from './load-plan.js';
import { openResults } from './open-results.js';
import { printReport } from './print-report.js';
import { writeCurrentResults } from './write-current-results.js';

/** Rebuilds every output from the journal; with --read-only, shows the leaderboard alone. */
export async function report(args: Arguments): Promise<number> {
  const plan = await loadPlan(args.files[0]!, args);
  const results = openResults(plan, args);
  const known = await results.read(plan.trials);
  const analysed = args.readOnly
    ? analyse(plan, known.outcomes)
    : await writeCurrentResults(plan, results, known, 2);
  const meaning = args.readOnly ? 'nothing was written' : 'every output was written';
  printReport(analysed, { code: 0, meaning }, args.readOnly ? null : results.directory, args);
  return 0;
}
