import { resolve } from 'node:path';
import { defaultDataset } from '../data/datasets.js';
import { provisionEngine, type ProvisionedEngine } from '../provision/provision-engine.js';
import { assignGpu, trialEnvironment } from '../provision/trial-environment.js';
import { findWeights } from '../model/mobilenet-v1/weights-file.js';
import type { Plan, Trial } from '../plan/plan.js';
import { openLiveBoard, openPlainBoard } from '../report/boards/board.js';
import { writePlan } from '../report/write-results.js';
import { describeEnvironment } from '../run/environment.js';
import { journalVersion } from '../run/journal-record.js';
import { Ledger } from '../run/ledger.js';
import type { Known, ResultsFolder } from '../run/results-folder.js';
import { runPlan, type Trainer } from '../run/run-plan.js';
import { runTrial } from '../run/executors/run-trial.js';
import type { Arguments } from './arguments.js';
import { say } from './say.js';
import { count } from '../diagnostics/count.js';

/**
 * Provides engine and data, and trains.
 * @param before what was known before
 * @returns what is known afterwards
 * @throws RunnerError of the environment; `results-unwritable`
 */
export async function trainPending(
  plan: Plan,
  pending: readonly Trial[],
  results: ResultsFolder,
  before: Known,
  args: Arguments,
): Promise<{ readonly interrupted: boolean; readonly known: Known }> {
  const onProgress = (line: string) => say(args, line);
  const engine = await provisionEngine({ engine: args.engine, onProgress });
  const data = await defaultDataset.find({ dataDir: args.dataDir, onProgress });
  await defaultDataset.verify(data.directory);
  const concurrency = Math.min(
    args.concurrency ??
      (plan.maxConcurrentTrials === 'auto' ? automaticConcurrency(engine) : plan.maxConcurrentTrials),
    pending.length,
  );
  const journal = await results.writing(2, async () => {
    await writePlan(results.directory, plan);
    const writer = await results.openJournal();
    const environment = await describeEnvironment(engine, defaultDataset);
    const at = new Date().toISOString();
    await writer.append({ version: journalVersion, type: 'environment', at, environment });
    return writer;
  });
  const ledger = new Ledger(plan.name, journal, results.store, before.stored);
  say(args, `Engine: TensorFlow ${engine.tensorflowVersion} (${engine.build}), ${engine.why}`);
  say(args, `Data: ${defaultDataset.title} in ${data.directory}`);
  say(args, `${count(plan.trials.length, 'trial')}, ${pending.length} to run, ${concurrency} at a time`);

  const interruption = new AbortController();
  // The handlers stay: a second Ctrl-C ends this process at once, and the trials' processes end with it.
  const onSignal = () => (interruption.signal.aborted ? process.exit(130) : interruption.abort());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  const board =
    process.stdout.isTTY && process.stderr.isTTY && !args.quiet // listr2 draws only where both are terminals
      ? openLiveBoard(pending.length, concurrency)
      : openPlainBoard(pending.length, concurrency, onProgress);
  try {
    const known = await results.writing(1, async () => {
      await runPlan({
        plan,
        pending,
        ledger,
        concurrency,
        train: makeTrainer(plan, engine, data.directory, results, args),
        signal: interruption.signal,
        onEvent: (event) => board.show(event),
      });
      const read = await results.read(plan.trials);
      return results.complete(read, journal, ledger.lackedBy(read.outcomes));
    });
    return { interrupted: interruption.signal.aborted, known };
  } finally {
    await board.close();
    await journal.close();
  }
}

/** One trial a core with one thread each, or one a GPU. */
function automaticConcurrency({ devices }: ProvisionedEngine): number {
  return devices.kind === 'cpu' ? devices.cores : devices.gpus.length;
}

function makeTrainer(
  { budget, checkpointEveryEpochs }: Plan,
  engine: ProvisionedEngine,
  dataDirectory: string,
  results: ResultsFolder,
  args: Arguments,
): Trainer {
  const { devices } = engine;
  const runningPerGpu = devices.kind === 'gpu' ? devices.gpus.map(() => 0) : [];
  return async (trial, _slot, callbacks) => {
    const gpu = devices.kind === 'gpu' ? assignGpu(runningPerGpu) : null;
    if (gpu !== null) runningPerGpu[gpu]!++;
    try {
      const gpuIndex = gpu !== null && devices.kind === 'gpu' ? devices.gpus[gpu]!.index : null;
      return await runTrial({
        request: {
          trial,
          dataset: defaultDataset.name,
          dataDirectory: resolve(dataDirectory),
          weightsPath: await findWeightsOf(trial, args),
          engine: `${engine.family}-${engine.build}`,
          checkpoint:
            checkpointEveryEpochs === 0
              ? null
              : { path: resolve(results.store.checkpointPath(trial.id)), everyEpochs: checkpointEveryEpochs },
        },
        environment: trialEnvironment(engine, { gpuIndex, threads: 1 }),
        timeoutSeconds: budget.trialTimeoutSeconds,
        stallSeconds: budget.stallTimeoutSeconds,
        logFile: results.logFile(trial.id),
        ...callbacks,
      });
    } finally {
      if (gpu !== null) runningPerGpu[gpu]!--;
    }
  };
}

async function findWeightsOf({ params }: Trial, args: Arguments): Promise<string | null> {
  if (params.weights === 'none') return null;
  const { alpha, resolution } = params;
  const onProgress = (line: string) => say(args, line);
  return (await findWeights({ weightsDir: args.weightsDir, alpha, resolution, onProgress })).path;
}
