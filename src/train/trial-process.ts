/**
 * A trial's process. It gets one request, answers with progress, epochs and one outcome, and ends: by its parent's IPC,
 * or, started as `trial-process.js --request FILE --messages FILE`, by two files.
 */
import { datasetNamed } from '../data/datasets.js';
import { imageFactsOf } from '../data/image-facts.js';
import { openPack, type OpenPack } from '../data/pack/open-pack.js';
import { describeProblem } from '../diagnostics/problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import type { EpochRecord } from '../trial/outcome.js';
import type { TrialMessage, TrialProgress, TrialRequest } from '../trial/trial-protocol.js';
import { classifyError } from './classify-error.js';
import { openChannel } from './trial-channel.js';

/** Milliseconds between two signs of life: progress, or that there is none to tell. The first step is told at once. */
const signInterval = 200;

const { request, send, takeSaveSoon, close } = openChannel(process.argv.slice(2));
request.then(train).then(close, async (error: unknown) => {
  console.error(error instanceof RunnerError ? error.problems.map(describeProblem).join('\n') : error);
  const failure = classifyError(error);
  // Waits until the message is out; where it cannot be sent, nobody waits for it.
  if (failure) await send({ type: 'failure', ...failure }).catch(() => {});
  process.exit(1);
});

async function loadImages(dataset: string | null, directory: string): Promise<OpenPack> {
  if (dataset === null) return openPack(directory);
  const known = datasetNamed(dataset);
  const images = await known.load(directory);
  return { facts: imageFactsOf(known, images.train.images), images };
}

async function train(request: TrialRequest): Promise<void> {
  const { trial, dataset, dataDirectory, weightsPath, ...job } = request;
  let lastSign = -Infinity;
  let hasStepped = false;
  const sign = (message: TrialMessage) => {
    if (performance.now() - lastSign < signInterval) return;
    lastSign = performance.now();
    void send(message);
  };
  const alive = () => sign({ type: 'alive' });
  // TensorFlow.js is loaded while the images are read.
  const [{ facts, images }, { readPretrained }, { trainTrial }] = await Promise.all([
    loadImages(dataset, dataDirectory),
    import('../model/create-network.js'),
    import('./train-trial.js'),
  ]);
  alive();
  const pretrained = weightsPath === null ? null : await readPretrained(weightsPath, trial.params);
  alive();
  const listener = {
    progress: (progress: TrialProgress) => {
      if (!hasStepped) lastSign = -Infinity;
      hasStepped = true;
      sign({ type: 'progress', progress });
    },
    epoch: (record: EpochRecord) => void send({ type: 'epoch', record }),
    alive,
  };
  const inputs = { ...job, trial, facts, images, pretrained };
  const outcome = await trainTrial({ ...inputs, takeSaveSoon }, listener);
  await send({ type: 'outcome', outcome });
}
