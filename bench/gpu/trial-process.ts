/**
 * A whole trial on Fashion-MNIST in a process of its own, by the engine of its environment; prints its epochs as JSON:
 *
 *     tsx bench/gpu/trial-process.ts ALPHA SIZE BATCH IMAGES EPOCHS
 */
import { defaultDataset } from '../../src/data/datasets.js';
import { resolveContext, resolveParams } from '../../src/params/resolve-params.js';
import type { Trial } from '../../src/plan/plan.js';
import { trainerVersion } from '../../src/plan/trainer-version.js';
import { trainTrial } from '../../src/train/train-trial.js';
import { loadDefaultImages } from '../default-images.js';

const [alpha, resolution, batchSize, trainSubset, epochs] = process.argv.slice(2).map(Number) as [
  number,
  number,
  number,
  number,
  number,
];
const trial: Trial = {
  id: '',
  cellIndex: 0,
  label: '',
  seed: 2017,
  params: resolveParams(
    { alpha, resolution, batchSize, epochs, weights: 'none' },
    resolveContext({ data: { trainSubset } }, defaultDataset),
  ),
  data: { validation: { holdout: 5000 } },
  context: { trainerVersion, dataSha256: '', weightsSha256: null, engineFamily: 'tensorflow' },
};
const job = { trial, ...(await loadDefaultImages()), pretrained: null, engine: '', checkpoint: null };
const quiet = { progress: () => {}, epoch: () => {}, alive: () => {} };
const outcome = await trainTrial(job, quiet);
if (outcome.status !== 'completed') throw new Error(`the trial ended ${outcome.status}`);
console.log(JSON.stringify({ epochs: outcome.epochs, peakBytes: outcome.peakBytes }));
