/** A trial on another data set than Fashion-MNIST, from its files to its accuracy. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { imageFactsOf } from '../../src/data/image-facts.js';
import { idxDataset } from '../../src/data/idx/idx-dataset.js';
import { trainTrial } from '../../src/train/train-trial.js';
import { Tiles } from '../data/tiles.js';
import { planOf } from '../spec/experiment-folder.js';

test('300 images of 19 × 23 pixels in three classes are learned', async () => {
  const tiles = new Tiles('grey-tiles', 'Grey tiles', [19, 23, 1]);
  const dataset = idxDataset(tiles.options);
  const folder = await mkdtemp(join(tmpdir(), 'runner-tiles-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await tiles.write(folder);
  const text = `name: tiles
params: { alpha: 0.25, weights: none, resolution: 24, normalization: standardized, dropout: 0, epochs: 30, batchSize: 10 }
`;
  const { trials } = await planOf(text, [], { datasets: () => dataset });
  const images = await dataset.load(folder);
  const outcome = await trainTrial(
    {
      trial: trials[0]!,
      facts: imageFactsOf(dataset, images.train.images),
      images,
      pretrained: null,
      engine: 'tensorflow-cpu',
      checkpoint: null,
    },
    { progress: () => {}, epoch: () => {}, alive: () => {} },
  );
  if (outcome.status !== 'completed') expect.unreachable(outcome.status);
  expect(outcome.parameters).toBe(218_544 + 3 * (256 + 1)); // of the network, and three classes at its top
  const accuracies = outcome.epochs.map(({ valAccuracy }) => valAccuracy);
  expect(Math.max(...accuracies)).toBeGreaterThan(0.9); // measured: from epoch 21 on: before that, the moving averages lag behind
});
