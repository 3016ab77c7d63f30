import { join } from 'node:path';
import { analyse, type Report } from '../report/analyse.js';
import { pageName } from '../report/write-page.js';
import type { Known, ResultsFolder } from '../run/results-folder.js';
import { shareCache } from '../system/cache-directory.js';
import { UsageError, type Arguments } from './arguments.js';
import { exitMeanings, type RunExitCode } from './exit-codes.js';
import { demandOf } from './demand-of.js';
import { findMachine } from './find-machine.js';
import { loadPlan, loadTrainablePlan } from './load-plan.js';
import { readResults } from './open-results.js';
import { openPage } from './open-page.js';
import { PageWriter } from './page-writer.js';
import { modelsOfRun } from './models-of-run.js';
import { printReport } from './print-report.js';
import { saveTensorboard } from './save-tensorboard.js';
import { say } from './say.js';
import { requireOutcomes } from './require-outcomes.js';
import { showHints, showReportHints } from './show-hints.js';
import { executorNamed, trainPending, type TrainingEnd } from './train-pending.js';
import { writeCurrentResults } from './write-current-results.js';
import { count } from '../diagnostics/count.js';

/** Trains whatever is missing of an experiment, writes every output, shows the leaderboard. */
export async function run(args: Arguments): Promise<number> {
  executorNamed(args.executor); // a mistake is refused before anything is read
  if (args.detach && args.executor === 'local')
    throw new UsageError('--detach leaves trials to a cluster: it needs --executor slurm or --machine');
  const file = args.files[0]!;
  if (args.readOnly) {
    const plan = await loadPlan(file, args);
    const { results, known } = await readResults(plan, file, args);
    requireOutcomes(plan, results, known);
    const report = analyse(plan, known.outcomes);
    return show(report, exitCodeOf(report), null, args);
  }
  const { cache } = await findMachine(args);
  if (cache !== undefined) shareCache(cache);
  const loaded = await loadTrainablePlan(file, args);
  const { plan } = loaded;
  showHints(plan, file, args);
  const { results, known: found } = await readResults(plan, file, args);
  const known = await adoptStored(results, found, args);
  const demand = demandOf(plan, known.outcomes, args);
  if (demand(new Map()).now.length > 0) {
    if (args.tensorboard !== undefined) await saveTensorboard(analyse(plan, known.outcomes), known, args, 2);
    const end = await trainPending(loaded, demand, file, results, known, args);
    for (const line of describeEnd(end, file, args)) say(args, line);
    const report = await writeCurrentResults(plan, file, results, end.known, 1, end.page);
    const last =
      end.how === 'finished'
        ? await modelsOfRun(loaded, file, results, report, 1, args)
        : { report, interrupted: end.how !== 'detached' };
    const meaning = end.how === 'detached' ? 0 : last.interrupted ? 130 : exitCodeOf(last.report);
    const code = await show(last.report, meaning, results.directory, args);
    if (args.tensorboard !== undefined) await saveTensorboard(last.report, await results.read(plan), args, 1);
    return code;
  }
  const page = new PageWriter(loaded, results.directory, args);
  const report = await writeCurrentResults(plan, file, results, known, 2, page);
  const failed = report.misses.filter(({ outcome }) => outcome.status === 'failed').length;
  say(
    args,
    failed === 0
      ? `Nothing to train: ${count(report.needed.size, 'trial')} already done.`
      : `Nothing to train: ${count(failed, 'failed trial')}, which only --retry-failed trains again.`,
  );
  const last = await modelsOfRun(loaded, file, results, report, 2, args);
  const code = await show(
    last.report,
    last.interrupted ? 130 : exitCodeOf(last.report),
    results.directory,
    args,
  );
  if (args.tensorboard !== undefined) await saveTensorboard(last.report, await results.read(plan), args, 2);
  return code;
}

function describeEnd({ how }: TrainingEnd, file: string, args: Arguments): string[] {
  if (how === 'finished') return [];
  if (how === 'interrupted')
    return ['Interrupted. The finished trials are kept; the same command continues.'];
  const again = args.machine === undefined ? `--executor ${args.executor}` : `--machine ${args.machine}`;
  return [
    `${how === 'detached' ? 'Detached' : 'Interrupted'}. What the cluster has goes on without this process.`,
    `\`runner ${file} ${again}\` follows it, \`runner cancel ${file}\` ends it.`,
  ];
}

/** Puts into the journal what other experiments have trained of this one. */
async function adoptStored(results: ResultsFolder, known: Known, args: Arguments): Promise<Known> {
  const { length } = known.lacking;
  if (length === 0) return known;
  const completed = await results.writing(2, async () => {
    const journal = await results.openJournal();
    const all = await results.complete(known, journal);
    await journal.close();
    return all;
  });
  say(args, `${count(length, 'trial')} already trained, taken from ${results.store.directory}`);
  return completed;
}

function exitCodeOf({ needed, results, misses }: Report): 0 | 1 {
  return results.length === needed.size && misses.length === 0 ? 0 : 1;
}

/** @param directory where the outputs were written; null where none were */
async function show(
  report: Report,
  code: RunExitCode,
  directory: string | null,
  args: Arguments,
): Promise<RunExitCode> {
  printReport(report, { code, meaning: exitMeanings[code] }, directory, args);
  showReportHints(report, args.files[0]!, args);
  if (directory !== null && report.results.length > 0) {
    say(args, `Results: ${directory}`);
    say(args, `Report: ${join(directory, pageName)}`);
    if (args.open) await openPage(directory, args);
  }
  return code;
}
