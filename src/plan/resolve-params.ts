import {
  trainingImages,
  type AugmentationEntry,
  type ExperimentFile,
  type ParamsEntry,
} from '../spec/experiment-spec.js';
import type { Augmentation, Metric, TrialData, TrialParams } from './trial.js';

/** The baseline's parameters (Su Jianlin 2017), as schema/experiment.schema.json documents them. */
export const defaultParams = {
  alpha: 1,
  weights: 'imagenet',
  resolution: 56,
  dropout: 0.5,
  epochs: 50,
  batchSize: 64,
  optimizer: { name: 'adam', learningRate: 1e-3 },
  augmentation: 'none',
} as const satisfies Required<ParamsEntry>;

/** Random Erasing's settings after Zhong et al. 2017; the flip's after Su Jianlin 2017. */
export const defaultAugmentations = {
  horizontalFlip: { probability: 0.5 },
  randomMask: { probability: 0.5, area: [0.02, 0.2], aspectRatio: [0.3, 3.3], fill: 0 },
} as const satisfies Required<AugmentationEntry>;

/** The baseline's seed (Su Jianlin 2017). */
export const defaultSeed = 2017;

/** Every parameter of a trial: what the file says, else the default. `augmentation` must name one of the sets. */
export function resolveParams(
  entry: ParamsEntry,
  sets: ReadonlyMap<string, readonly Augmentation[]>,
): TrialParams {
  const { optimizer, augmentation, ...rest } = { ...defaultParams, ...entry };
  return {
    ...rest,
    optimizer: { ...defaultParams.optimizer, ...optimizer },
    augmentation: sets.get(augmentation)!,
  };
}

/** The augmentation sets by name, every setting resolved; with the built-in `none`. */
export function resolveAugmentations(
  sets: ExperimentFile['augmentations'],
): ReadonlyMap<string, readonly Augmentation[]> {
  const resolve = ({ horizontalFlip, randomMask }: AugmentationEntry): Augmentation =>
    horizontalFlip
      ? { name: 'horizontalFlip', ...defaultAugmentations.horizontalFlip, ...horizontalFlip }
      : { name: 'randomMask', ...defaultAugmentations.randomMask, ...randomMask };
  return new Map(
    Object.entries({ none: [], ...sets }).map(([name, entries]) => [name, entries.map(resolve)]),
  );
}

/** Without a training subset, all images that the validation leaves. */
export function resolveData({ trainSubset, validation = 'test' }: ExperimentFile['data'] = {}): TrialData {
  const holdout = validation === 'test' ? 0 : validation.holdout;
  return { trainSubset: trainSubset ?? trainingImages - holdout, validation };
}

/** The goal follows from the name: accuracy up, loss down. */
export function resolveMetric({
  name = 'valAccuracy',
  goal,
  select = 'best',
}: ExperimentFile['metric'] = {}): Metric {
  return { name, goal: goal ?? (name === 'valAccuracy' ? 'maximize' : 'minimize'), select };
}
