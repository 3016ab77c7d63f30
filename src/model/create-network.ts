import type { ImageFacts } from '../data/dataset.js';
import type { TrialParams } from '../plan/plan.js';
import { mobilenetLayers } from './mobilenet-v1/layers.js';
import { mobilenetV1 } from './mobilenet-v1/mobilenet-v1.js';
import { readPretrainedWeights } from './mobilenet-v1/pretrained-weights.js';
import type { PretrainedValues } from './initial-values.js';
import type { Network } from './network.js';

/** The network of a trial, for a data set's images and classes: where an architecture is chosen. */
export function createNetwork(
  { alpha, frozenBlocks, precision }: Pick<TrialParams, 'alpha' | 'frozenBlocks' | 'precision'>,
  { classes, shape }: Pick<ImageFacts, 'classes' | 'shape'>,
): Network {
  const [, , channels] = shape;
  if (channels !== 1 && channels !== 3)
    throw new RangeError(`Expected images of 1 or 3 channels, got ${channels}`);
  return mobilenetV1({ alpha, frozenBlocks, precision, classes: classes.length });
}

/** What the weight file of a trial's network holds. @throws RunnerError `weights-corrupt` */
export function readPretrained(
  path: string,
  { alpha }: Pick<TrialParams, 'alpha'>,
): Promise<PretrainedValues> {
  return readPretrainedWeights(path, mobilenetLayers(alpha));
}
