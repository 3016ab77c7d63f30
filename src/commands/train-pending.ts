import { join, resolve } from 'node:path';
import { decoderVersions } from '../data/own/describe-image.js';
import { wasmEngine } from '../engines/wasm/provision-wasm.js';
import { describeEngine } from '../provision/describe-engine.js';
import { provisionEngine } from '../provision/provision-engine.js';
import { requirePrecision } from '../provision/require-precision.js';
import type { Plan, Trial } from '../plan/plan.js';
import type { Board } from '../report/boards/board.js';
import { chooseBoard } from '../report/boards/choose-board.js';
import { openLiveBoard } from '../report/boards/live-board.js';
import { openPlainBoard } from '../report/boards/plain-board.js';
import { readEnvironment } from '../run/environment.js';
import { journalVersion } from '../run/journal-record.js';
import { EventLog, type RunEnd } from '../run/event-log.js';
import { Ledger } from '../run/ledger.js';
import type { Known, ResultsFolder } from '../run/results-folder.js';
import type { ExecutorDefinition } from '../run/executor.js';
import { leaveRunning } from '../trial/leave-running.js';
import { secondsFromHistory } from '../run/seconds-from-history.js';
import { executors } from '../run/executors.js';
import { whenAskedToEnd } from '../system/signals.js';
import { readSubmitted } from '../run/slurm/read-submitted.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { code, joinWords } from '../diagnostics/wording.js';
import { runPlan, type Demand } from '../run/run-plan.js';
import { ProgressWriter } from '../run/trial-progress.js';
import type { TrialOutcome } from '../trial/outcome.js';
import type { TrialRequest } from '../trial/trial-protocol.js';
import { UsageError, type Arguments } from './arguments.js';
import { askToCancel } from './ask-to-cancel.js';
import { Detacher } from './detacher.js';
import { findMachine } from './find-machine.js';
import type { LoadedPlan } from './load-plan.js';
import { provideImages } from './open-datasets.js';
import { LivePage } from './live-page.js';
import { PageWriter } from './page-writer.js';
import { say } from './say.js';
import { count } from '../diagnostics/count.js';

export interface TrainingEnd {
  /** `left`, `detached`: what a cluster has goes on; by Ctrl-C, or as was asked for. */
  readonly how: 'finished' | 'interrupted' | 'left' | 'detached';
  /** What is known afterwards. */
  readonly known: Known;
  /** Writes the report's page. */
  readonly page: PageWriter;
}

/**
 * Provides engine and data, and trains.
 * @param demand what is to be trained; not empty
 * @param before what was known before
 * @throws RunnerError of the environment; `results-unwritable`
 */
export async function trainPending(
  loaded: LoadedPlan,
  demand: (ended: ReadonlyMap<string, TrialOutcome>) => Demand,
  file: string,
  results: ResultsFolder,
  before: Known,
  args: Arguments,
): Promise<TrainingEnd> {
  const { plan, weightsPath, data } = loaded;
  const onProgress = (line: string) => say(args, line);
  const { now, ahead } = demand(new Map());
  const most = [now, ...ahead].reduce((sum, trials) => sum + trials.length, 0);
  if (args.executor === 'local') await refuseSubmitted(results.directory, [...now, ...ahead.flat()]);
  const machine = await findMachine(args);
  const engineRequest = loaded.engine.family === 'wasm' ? 'wasm' : args.engine;
  const engine =
    engineRequest === 'wasm'
      ? wasmEngine(loaded.engine.why)
      : await provisionEngine({ engine: engineRequest, onProgress });
  await requirePrecision([...now, ...ahead.flat()], engine, args.executor === 'local');
  const images = await provideImages([...now, ...ahead.flat()], data, args);
  const executor = executorNamed(args.executor).open({
    engine,
    slots: args.concurrency ?? plan.maxConcurrentTrials,
    trials: most,
    budget: plan.budget,
    logFile: (trialId) => results.logFile(trialId),
    experiment: plan.name,
    directory: results.directory,
    resultsDirectory: args.resultsDir,
    engineRequest,
    machine,
    secondsOf: secondsFromHistory(plan, before.outcomes),
    say: onProgress,
  });
  const journal = await results.writing(2, async () => {
    await results.writePlan(plan, file);
    const writer = await results.openJournal();
    const environment = await readEnvironment(
      engine,
      plan.datasets,
      data.own.size > 0 ? await decoderVersions() : null,
    );
    const at = new Date().toISOString();
    await writer.append({ version: journalVersion, type: 'environment', at, environment });
    return writer;
  });
  const heartbeat = executor.outlivesProcess
    ? await results.writing(2, () => results.store.shareHeartbeat())
    : null;
  const ledger = new Ledger(plan.name, journal, results.store, before.stored);
  say(args, `Engine: ${describeEngine(engine)}`);
  const toRun = most === now.length ? `${most} to run` : `${now.length} to ${most} to run`;
  const atATime = executor.outlivesProcess ? '' : `, ${executor.slots} at a time`;
  say(args, `${count(plan.trials.length, 'trial')}, ${toRun}${atATime}`);

  const everyEpochs = plan.checkpointEveryEpochs;
  const requestOf = (trial: Trial): TrialRequest => ({
    trial,
    ...images.of(trial.params),
    weightsPath: weightsPath(trial.params),
    engine: `${engine.family}-${engine.build}`,
    checkpoint:
      everyEpochs === 0 ? null : { path: resolve(results.store.checkpointPath(trial.id)), everyEpochs },
    ...(plan.saveModels === 'none' ? {} : { networksPath: resolve(results.networksPath(trial.id)) }),
  });

  const interruption = new AbortController();
  // The handlers stay: a second Ctrl-C ends this process at once. The board closes, and the trials' processes end with it.
  let wasAsked = false;
  const onSignal = () => {
    if (wasAsked) return process.exit(130);
    wasAsked = true;
    if (executor.outlivesProcess) void askWhatToLeave().then((why) => interruption.abort(why));
    else interruption.abort();
  };
  /** Why what a cluster has is ended, or left. */
  const askWhatToLeave = async (): Promise<unknown> => {
    if (!process.stdin.isTTY || !process.stderr.isTTY) return leaveRunning;
    await board.close(); // the question stands below it
    return (await askToCancel()) ? undefined : leaveRunning;
  };
  whenAskedToEnd(onSignal);
  const isLive =
    !args.quiet && !args.json && chooseBoard(process.stdout, process.stderr, process.env) === 'live';
  const board = isLive
    ? openLiveBoard(now.length, executor.slots)
    : openPlainBoard(now.length, executor.slots, onProgress);
  const page = new PageWriter(loaded, results.directory, args, engine);
  const warn = (line: string) => void process.stderr.write(`warning: ${line}\n`);
  const livePage = new LivePage(plan, results, before, page, (line) => process.stderr.write(`${line}\n`));
  const events = new EventLog(results.eventsPath, warn);
  events.begin(plan.name, now.length, executor.slots);
  const progress = new ProgressWriter(plan.name, (id) => results.store.claimPath(id));
  const detacher = new Detacher(now, () => interruption.abort(leaveRunning));
  const watchers = [
    board,
    livePage,
    events,
    progress,
    ...(await openTensorboard(plan, args, warn)),
    ...(args.detach ? [detacher] : []),
  ];
  let how: RunEnd = 'error';
  try {
    const known = await results.writing(1, async () => {
      await runPlan({
        plan,
        demand,
        ledger,
        executor,
        requestOf,
        signal: interruption.signal,
        onEvent: (event) => {
          for (const watcher of watchers) watcher.show(event);
        },
      });
      await livePage.close();
      const read = await results.read(plan);
      return results.complete(read, journal, ledger.lackedBy(read.outcomes));
    });
    how = interruption.signal.aborted ? 'interrupted' : 'finished';
    const isLeft = interruption.signal.reason === leaveRunning;
    return { how: !isLeft ? how : detacher.isDone ? 'detached' : 'left', known, page };
  } finally {
    await livePage.close();
    await board.close();
    await events.end(how);
    await journal.close();
    await heartbeat?.remove();
    await images.release();
  }
}

/**
 * What a cluster has is not trained here as well.
 * @throws RunnerError `in-cluster`
 */
async function refuseSubmitted(directory: string, trials: readonly Trial[]): Promise<void> {
  const submitted = await readSubmitted(directory, trials);
  if (submitted.length === 0) return;
  const path = join(directory, 'slurm');
  throw new RunnerError([{ kind: 'environment', reason: 'in-cluster', trials: submitted.length, path }]);
}

/** TensorBoard's files while trials train, where the user asks for them. */
async function openTensorboard(
  plan: Plan,
  { tensorboard }: Arguments,
  warn: (line: string) => void,
): Promise<readonly Pick<Board, 'show'>[]> {
  if (tensorboard === undefined) return [];
  const { TensorboardLog } = await import('../report/tensorboard/tensorboard-log.js');
  return [new TensorboardLog(tensorboard, plan, warn)];
}

/** @throws UsageError where there is none */
export function executorNamed(name: string): ExecutorDefinition {
  const found = executors.find((executor) => executor.name === name);
  if (found) return found;
  const names = executors.map((executor) => executor.name);
  throw new UsageError(`--executor: expected ${joinWords(names, 'or')}, got ${code(name)}`);
}
