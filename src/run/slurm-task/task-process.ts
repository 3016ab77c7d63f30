/**
 * A task of a job array, on the node where Slurm has started it: `task-process.js FOLDER`. It trains the trials of its line
 * of the manifest, one after the other, each in a process of its own with the limits that it has everywhere, and keeps their
 * outcomes. Ended by Slurm (SIGTERM) it keeps none: the trial goes on from its checkpoint in another task.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeProblem } from '../../diagnostics/problem.js';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { provisionEngine } from '../../provision/provision-engine.js';
import { trialEnvironment } from '../../provision/trial-environment.js';
import { encode, type TrialMessage } from '../../trial/trial-protocol.js';
import type { Trial } from '../../plan/plan.js';
import type { TrialNode, TrialOutcome } from '../../trial/outcome.js';
import { isFinished, journalVersion, type OutcomeRecord } from '../journal-record.js';
import { TrialStore } from '../trial-store.js';
import { runTrial } from '../processes/run-trial.js';
import { TaskFiles, type TaskTrial } from '../slurm/task-files.js';

const progressInterval = 2000; // milliseconds between two lines of progress: the file system may be far away
/** Milliseconds in which Slurm's SIGTERM, sent to both, reaches this process after it has ended the trial's. */
const signalsDiffer = 1000;

const files = new TaskFiles(process.argv[2]!);
const { SLURM_ARRAY_JOB_ID: job, SLURM_ARRAY_TASK_ID: index } = process.env;
const ending = new AbortController();
process.on('SIGTERM', () => ending.abort());
const saving = new AbortController();
process.on('SIGUSR2', () => saving.abort()); // Slurm's limit of time is near

if (await files.isAbandoned()) console.error('This array was given up before it started.');
else
  await trainAll().catch((error: unknown) => {
    console.error(error instanceof RunnerError ? error.problems.map(describeProblem).join('\n') : error);
    process.exitCode = 1;
  });

async function trainAll(): Promise<void> {
  const { settings, trials } = await files.readTask(Number(index));
  const engine = await provisionEngine({ engine: settings.engine, onProgress: console.error });
  const { devices } = engine;
  const gpuIndex = devices.kind === 'cpu' ? null : devices.gpus[0]!.index;
  const environment = trialEnvironment(engine, { gpuIndex, threads: 1 });
  const node: TrialNode = {
    host: hostname(),
    processor: cpus()[0]?.model ?? 'unknown',
    instructionSet: engine.instructionSet,
  };
  const store = new TrialStore(settings.resultsDirectory);
  const recordOf = (trial: Trial, outcome: TrialOutcome): OutcomeRecord => {
    const at = new Date().toISOString();
    return { version: journalVersion, type: 'outcome', at, experiment: settings.experiment, trial, outcome };
  };
  const done = await files.ids('ended');
  for (const trial of trials) {
    if (ending.signal.aborted || (await files.isAbandoned())) break;
    if (done.has(trial.request.trial.id)) continue; // this task was started twice
    await train(trial);
  }

  async function train({ request, logFile }: TaskTrial): Promise<void> {
    const { id } = request.trial;
    const messages = files.messages(id);
    mkdirSync(dirname(messages), { recursive: true });
    writeFileSync(messages, '');
    const task = `${job}_${index}`;
    await files.writeStart(id, { version: 1, at: new Date().toISOString(), host: node.host, task });
    const send = (message: TrialMessage) => appendFileSync(messages, `${encode(message)}\n`);
    let lastProgress = -Infinity;
    const ended = await runTrial({
      request: { ...request, engine: `${engine.family}-${engine.build}` }, // the node's, not that of the machine that submitted
      environment,
      timeoutSeconds: settings.budget.trialTimeoutSeconds,
      stallSeconds: settings.budget.stallTimeoutSeconds,
      logFile,
      signal: ending.signal,
      saving: saving.signal,
      onProgress: (progress) => {
        if (performance.now() - lastProgress < progressInterval) return;
        lastProgress = performance.now();
        send({ type: 'progress', progress });
      },
      onEpoch: (record) => send({ type: 'epoch', record }),
    });
    const outcome = ended === null || ended.status === 'failed' ? ended : { ...ended, node };
    if (outcome?.status === 'failed' && outcome.failure === 'crash') await sleep(signalsDiffer);
    if (outcome === null || (outcome.status === 'failed' && ending.signal.aborted)) return;
    // First where every command finds it, as what another experiment has trained: perhaps nobody follows this task.
    if (isFinished(outcome)) await store.write(recordOf(request.trial, outcome));
    await files.writeEnd(id, outcome);
  }
}
