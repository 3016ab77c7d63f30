/**
 * A trial's process. It is told what to train by one message, answers with progress, epochs and one outcome,
 * and ends. It ends too when its parent is gone, so that a killed runner leaves no process behind.
 */
import { loadFashionMnist } from '../data/fashion-mnist.js';
import { mobilenetLayers } from '../model/layers.js';
import { readPretrainedWeights } from '../model/pretrained-weights.js';
import type { TrialMessage, TrialRequest } from '../run/outcome.js';
import { trainTrial } from './train-trial.js';

const progressInterval = 200; // milliseconds between two progress messages

process.on('SIGINT', () => {}); // Ctrl-C reaches the whole terminal group; the parent decides
process.on('disconnect', () => process.exit());
process.once('message', (request: TrialRequest) => {
  train(request).then(
    () => process.disconnect(),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function train({ trial, dataDirectory, weightsPath, engine }: TrialRequest): Promise<void> {
  const data = await loadFashionMnist(dataDirectory);
  const pretrained =
    weightsPath === null
      ? null
      : await readPretrainedWeights(weightsPath, mobilenetLayers(trial.params.alpha));
  let lastProgress = 0;
  const outcome = await trainTrial(trial, data, pretrained, engine, {
    progress: (progress) => {
      if (performance.now() - lastProgress < progressInterval) return;
      lastProgress = performance.now();
      void send({ type: 'progress', progress });
    },
    epoch: (record) => void send({ type: 'epoch', record }),
  });
  await send({ type: 'outcome', outcome });
}

function send(message: TrialMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(message, undefined, {}, (error) => (error ? reject(error) : resolve()));
  });
}
