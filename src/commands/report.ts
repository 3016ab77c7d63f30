import { analyse } from '../report/analyse.js';
import { describeMarkdown } from '../report/text/describe-markdown.js';
import type { Arguments } from './arguments.js';
import { loadPlanAndFiles } from './load-plan.js';
import { openPage } from './open-page.js';
import { PageWriter } from './page-writer.js';
import { readResults } from './open-results.js';
import { printReport } from './print-report.js';
import { describeLacking, saveModels } from './save-models.js';
import { saveTensorboard } from './save-tensorboard.js';
import { say } from './say.js';
import { showReportHints } from './show-hints.js';
import { requireOutcomes } from './require-outcomes.js';
import { writeCurrentResults } from './write-current-results.js';

/** Rebuilds every output from what is known; with --read-only, shows the leaderboard alone. */
export async function report(args: Arguments): Promise<number> {
  const file = args.files[0]!;
  const loaded = await loadPlanAndFiles(file, args);
  const { plan } = loaded;
  const { results, known } = await readResults(plan, file, args);
  requireOutcomes(plan, results, known);
  const analysed = args.readOnly
    ? analyse(plan, known.outcomes)
    : await writeCurrentResults(
        plan,
        file,
        results,
        known,
        2,
        new PageWriter(loaded, results.directory, args),
      );
  if (!args.readOnly) {
    const lacking = await saveModels(loaded, results, analysed, 2, args);
    if (lacking.length > 0)
      say(args, `${describeLacking(lacking)}. \`runner run ${file}\` trains again, to the same numbers.`);
  }
  const meaning = args.readOnly ? 'nothing was written' : 'every output was written';
  if (args.markdown) process.stdout.write(`${describeMarkdown(analysed, known.environment)}\n`);
  else printReport(analysed, { code: 0, meaning }, args.readOnly ? null : results.directory, args);
  showReportHints(analysed, file, args);
  if (args.tensorboard !== undefined) await saveTensorboard(analysed, await results.read(plan), args, 2);
  if (args.open && !args.readOnly) await openPage(results.directory, args);
  return 0;
}
