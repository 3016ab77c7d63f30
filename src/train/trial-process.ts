/**
 * A trial's process. It is told what to train by one message, answers with progress, epochs and one outcome,
 * and ends. It ends too when its parent is gone, so that a killed runner leaves no process behind.
 */
import { datasetNamed } from '../data/datasets.js';
import { describeProblem } from '../diagnostics/problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { readPretrained } from '../model/create-network.js';
import type { EpochRecord, TrialMessage, TrialProgress, TrialRequest } from '../trial/outcome.js';
import { classifyError } from './classify-error.js';
import { trainTrial } from './train-trial.js';

const signInterval = 200; // milliseconds between two signs of life: progress, or that there is none to tell

// Ctrl-C, or the end of the terminal, reaches the whole group: the parent decides.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
process.once('message', (request: TrialRequest) => {
  train(request).then(
    () => process.disconnect(),
    async (error: unknown) => {
      console.error(error instanceof RunnerError ? error.problems.map(describeProblem).join('\n') : error);
      const failure = classifyError(error);
      // Waits until the message is out; where it cannot be sent, nobody waits for it.
      if (failure) await send({ type: 'failure', ...failure }).catch(() => {});
      process.exit(1);
    },
  );
});

async function train(request: TrialRequest): Promise<void> {
  const { trial, dataset, dataDirectory, weightsPath, engine, checkpoint } = request;
  let lastSign = 0;
  const sign = (message: TrialMessage) => {
    if (performance.now() - lastSign < signInterval) return;
    lastSign = performance.now();
    void send(message);
  };
  const alive = () => sign({ type: 'alive' });
  const facts = datasetNamed(dataset);
  const images = await facts.load(dataDirectory);
  alive();
  const pretrained = weightsPath === null ? null : await readPretrained(weightsPath, trial.params);
  alive();
  const listener = {
    progress: (progress: TrialProgress) => sign({ type: 'progress', progress }),
    epoch: (record: EpochRecord) => void send({ type: 'epoch', record }),
    alive,
  };
  const outcome = await trainTrial({ trial, facts, images, pretrained, engine, checkpoint }, listener);
  await send({ type: 'outcome', outcome });
}

function send(message: TrialMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(message, undefined, {}, (error) => (error ? reject(error) : resolve()));
  });
}
