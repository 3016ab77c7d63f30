/** Computes with a saved model: gets one request by Node's IPC, answers it, and ends. */
import { openModelFile } from '../saving/save-model.js';
import { predict } from './predict.js';
import type { PredictionAnswer, PredictionRequest } from './prediction-protocol.js';

process.on('message', ({ path, images }: PredictionRequest) => {
  openModelFile(path)
    .then(({ card, tensors }): PredictionAnswer => predict(card, tensors, images))
    .then(
      (answer) => process.send!(answer, () => process.disconnect()),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
});
process.on('disconnect', () => process.exit());
