import { join, resolve } from 'node:path';
import { findFashionMnist, verifyFashionMnist } from '../data/fashion-mnist.js';
import { provisionEngine, type ProvisionedEngine } from '../engine/provision-engine.js';
import { assignGpu, trialEnvironment } from '../engine/trial-environment.js';
import { findWeights } from '../model/weights-file.js';
import type { Plan, Trial } from '../plan/trial.js';
import { openLiveBoard, openPlainBoard } from '../report/board.js';
import { describeResults } from '../report/describe-results.js';
import { writeResults } from '../report/write-results.js';
import { describeEnvironment } from '../run/environment.js';
import { JournalWriter } from '../run/journal.js';
import { pendingTrials, runPlan, type Trainer } from '../run/run-plan.js';
import { runTrial } from '../run/run-trial.js';
import type { Arguments } from './arguments.js';
import { loadPlan, readResults, type Results } from './load-plan.js';
import { showHints } from './show-hints.js';

/** Runs what of an experiment is not done yet, writes every output, shows the leaderboard. */
export async function run(args: Arguments): Promise<number> {
  const file = args.files[0]!;
  let plan = await loadPlan(file, args);
  if (await ensureWeights(plan, args)) plan = await loadPlan(file, args); // ids hold the hash of what was fetched
  showHints(plan, file, args);
  const results = await readResults(plan, args);
  const pending = pendingTrials(plan, results.journal.outcomes);
  if (pending.length === 0) {
    say(args, `All ${plan.trials.length} trials are done already; nothing to train.`);
  } else {
    const interrupted = await trainPending(plan, pending, results, args);
    if (interrupted) say(args, 'Interrupted. The finished trials are kept; the same command goes on.');
    const code = await showResults(plan, await readResults(plan, args), args);
    return interrupted ? 130 : code;
  }
  return showResults(plan, results, args);
}

/** Looks for, or fetches, every pretrained file that the plan names. True when the plan has any. */
async function ensureWeights(plan: Plan, args: Arguments): Promise<boolean> {
  const cells = plan.cells.filter(({ params }) => params.weights === 'imagenet');
  for (const { params } of cells) await findWeightsOf(params, args);
  return cells.length > 0;
}

function findWeightsOf({ alpha, resolution }: Trial['params'], args: Arguments) {
  return findWeights({
    weightsDir: args.weightsDir,
    alpha,
    resolution,
    onProgress: (line) => say(args, line),
  });
}

async function trainPending(
  plan: Plan,
  pending: readonly Trial[],
  results: Results,
  args: Arguments,
): Promise<boolean> {
  const onProgress = (line: string) => say(args, line);
  const engine = await provisionEngine({ engine: args.engine, onProgress });
  const data = await findFashionMnist({ dataDir: args.dataDir, onProgress });
  await verifyFashionMnist(data.directory);
  const concurrency = Math.min(
    args.concurrency ??
      (plan.maxConcurrentTrials === 'auto' ? automaticConcurrency(engine) : plan.maxConcurrentTrials),
    pending.length,
  );
  say(args, `Engine: TensorFlow ${engine.tensorflowVersion} (${engine.build}), ${engine.why}`);
  say(args, `Data: Fashion-MNIST in ${data.directory}`);
  say(args, `${plan.trials.length} trials, ${pending.length} to run, ${concurrency} at a time`);

  const interruption = new AbortController();
  // The handlers stay: a second Ctrl-C ends this process at once, and the trials' processes end with it.
  const onSignal = () => (interruption.signal.aborted ? process.exit(130) : interruption.abort());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  const journal = await JournalWriter.open(results.journalPath);
  await journal.append({
    version: 1,
    type: 'environment',
    at: new Date().toISOString(),
    environment: await describeEnvironment(engine),
  });
  const write = (line: string) => say(args, line);
  const board =
    process.stdout.isTTY && process.stderr.isTTY && !args.quiet // listr2 draws only where both are terminals
      ? openLiveBoard(pending.length, concurrency)
      : openPlainBoard(pending.length, concurrency, write);
  try {
    await runPlan({
      plan,
      known: results.journal.outcomes,
      journal,
      concurrency,
      train: makeTrainer(plan, engine, data.directory, results.directory, args),
      signal: interruption.signal,
      onEvent: (event) => board.show(event),
    });
  } finally {
    await board.close();
    await journal.close();
  }
  return interruption.signal.aborted;
}

/** One trial a core with one thread each, or one a GPU. */
function automaticConcurrency({ devices }: ProvisionedEngine): number {
  return devices.kind === 'cpu' ? devices.cores : devices.gpus.length;
}

function makeTrainer(
  plan: Plan,
  engine: ProvisionedEngine,
  dataDirectory: string,
  resultsDirectory: string,
  args: Arguments,
): Trainer {
  const { devices } = engine;
  const runningPerGpu = devices.kind === 'gpu' ? devices.gpus.map(() => 0) : [];
  return async (trial, _slot, callbacks) => {
    const gpu = devices.kind === 'gpu' ? assignGpu(runningPerGpu) : null;
    if (gpu !== null) runningPerGpu[gpu]!++;
    try {
      const weights = trial.params.weights === 'imagenet' ? await findWeightsOf(trial.params, args) : null;
      const gpuIndex = gpu !== null && devices.kind === 'gpu' ? devices.gpus[gpu]!.index : null;
      return await runTrial({
        request: {
          trial,
          dataDirectory: resolve(dataDirectory),
          weightsPath: weights?.path ?? null,
          engine: `${engine.family}-${engine.build}`,
        },
        environment: trialEnvironment(engine, { gpuIndex, threads: 1 }),
        timeoutSeconds: plan.budget.trialTimeoutSeconds,
        logFile: join(resultsDirectory, 'logs', `${trial.id.slice(0, 16)}.log`),
        ...callbacks,
      });
    } finally {
      if (gpu !== null) runningPerGpu[gpu]!--;
    }
  };
}

async function showResults(plan: Plan, { directory, journal }: Results, args: Arguments): Promise<number> {
  await writeResults(directory, plan, journal);
  process.stdout.write(`${describeResults(plan, journal.outcomes, process.stdout.columns || Infinity)}\n`);
  say(args, `Results: ${directory}`);
  return plan.trials.every(({ id }) => journal.outcomes.get(id)?.status === 'completed') ? 0 : 1;
}

function say(args: Arguments, line: string): void {
  if (!args.quiet) process.stderr.write(`${line}\n`);
}
