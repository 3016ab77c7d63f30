import { findWeights } from '../model/mobilenet-v1/weights-file.js';
import type { Plan } from '../plan/plan.js';
import { analyse, type Report } from '../report/analyse.js';
import { describeResults } from '../report/text/describe-results.js';
import { JournalWriter } from '../run/journal.js';
import { findLacking } from '../run/ledger.js';
import { pendingTrials } from '../run/run-plan.js';
import type { Arguments } from './arguments.js';
import { loadPlan, readKnown, readResults, readStored, writingResults, type Results } from './load-plan.js';
import { say } from './say.js';
import { showHints } from './show-hints.js';
import { trainPending } from './train-pending.js';
import { writeCurrentResults } from './write-current-results.js';

/** Runs what of an experiment is not done yet, writes every output, shows the leaderboard. */
export async function run(args: Arguments): Promise<number> {
  const file = args.files[0]!;
  let plan = await loadPlan(file, args);
  if (args.readOnly)
    return showResults(analyse(plan, (await readKnown(plan, await readResults(plan, args))).outcomes));
  if (await ensureWeights(plan, args)) plan = await loadPlan(file, args); // ids hold the hash of what was fetched
  showHints(plan, file, args);
  const results = await adoptStored(plan, await readResults(plan, args), args);
  const { outcomes } = results.journal;
  const pending = pendingTrials(plan, outcomes, args);
  if (pending.length > 0) {
    const interrupted = await trainPending(plan, pending, results, args);
    if (interrupted) say(args, 'Interrupted. The finished trials are kept; the same command goes on.');
    const code = await writeAndShow(plan, await readResults(plan, args), args, 1);
    return interrupted ? 130 : code;
  }
  const failed = plan.trials.filter(({ id }) => outcomes.get(id)?.status === 'failed').length;
  say(
    args,
    failed === 0
      ? `All ${plan.trials.length} trials are done already; nothing to train.`
      : `Nothing to train: ${failed} trials failed and are trained again with --retry-failed only.`,
  );
  return writeAndShow(plan, results, args, 2);
}

/** Looks for, or fetches, every pretrained file that the plan names. True when the plan has any. */
async function ensureWeights(plan: Plan, args: Arguments): Promise<boolean> {
  const cells = plan.cells.filter(({ params }) => params.weights === 'imagenet');
  const onProgress = (line: string) => say(args, line);
  for (const { params } of cells)
    await findWeights({
      weightsDir: args.weightsDir,
      alpha: params.alpha,
      resolution: params.resolution,
      onProgress,
    });
  return cells.length > 0;
}

/** Puts into the journal what other experiments have trained of this one. */
async function adoptStored(plan: Plan, results: Results, args: Arguments): Promise<Results> {
  const lacking = findLacking(plan.trials, results.journal, await readStored(plan, results));
  if (lacking.length === 0) return results;
  await writingResults(results.directory, 2, async () => {
    const journal = await JournalWriter.open(results.journalPath);
    for (const record of lacking) await journal.append(record);
    await journal.close();
  });
  say(args, `${lacking.length} trials were trained already, and are taken from ${results.store.directory}`);
  return readResults(plan, args);
}

async function writeAndShow(plan: Plan, results: Results, args: Arguments, exitCode: 1 | 2): Promise<number> {
  const read = () => readResults(plan, args);
  const code = showResults(await writeCurrentResults(plan, results, read, exitCode));
  say(args, `Results: ${results.directory}`);
  return code;
}

function showResults(report: Report): number {
  process.stdout.write(`${describeResults(report, process.stdout.columns || Infinity)}\n`);
  const isComplete = report.results.length === report.plan.trials.length && report.misses.length === 0;
  return isComplete ? 0 : 1;
}
