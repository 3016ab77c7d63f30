import type { AugmentationEntry, ExperimentFile, ParamsEntry } from '../spec/experiment-spec.js';
import type { Augmentation, Metric, Optimizer, Schedule, TrialData, TrialParams } from '../plan/plan.js';

/** The baseline's parameters (Su Jianlin 2017), as schema/experiment.schema.json documents them. */
export const defaultParams = {
  alpha: 1,
  weights: 'imagenet',
  frozenBlocks: 0,
  resolution: 56,
  normalization: 'unit',
  dropout: 0.5,
  epochs: 50,
  batchSize: 64,
  optimizer: { name: 'adam', learningRate: 1e-3 },
  schedule: { name: 'constant', warmupEpochs: 0 },
  labelSmoothing: 0,
  earlyStopping: { patience: 0, minDelta: 0 },
  augmentation: 'none',
  testTimeFlip: false,
} as const satisfies ParamsEntry;

/** Settings of one optimiser or schedule only. The schema names their sources. */
export const defaultMomentum = 0.9;
export const defaultWeightDecay = 0.004;
export const defaultSteps = { everyEpochs: 30, factor: 0.1 } as const;
export const defaultSgdLearningRate = 0.01;

/** After Zhong et al. 2017 (mask), Su Jianlin 2017 (flip) and the papers that the schema names. */
export const defaultAugmentations = {
  horizontalFlip: { probability: 0.5 },
  randomMask: { probability: 0.5, area: [0.02, 0.2], aspectRatio: [0.3, 3.3], fill: 0 },
  randomCrop: { padding: 0.125, fill: 0 },
  randomBrightness: { delta: 0.2 },
  randomContrast: { delta: 0.2 },
  cutout: { probability: 1, size: 0.5, fill: 0 },
  mixup: { alpha: 0.2 },
} as const satisfies Required<AugmentationEntry>;

/** The baseline's seed (Su Jianlin 2017). */
export const defaultSeed = 2017;

/**
 * Every parameter of a trial: what the file says, else the default. `augmentation` must name one of the sets. A
 * setting that the trial's optimiser or schedule does not have is left out.
 */
export function resolveParams(
  entry: ParamsEntry,
  sets: ReadonlyMap<string, readonly Augmentation[]>,
  trainSubset: number,
): TrialParams {
  const { optimizer, schedule, earlyStopping, augmentation, ...rest } = { ...defaultParams, ...entry };
  return {
    trainSubset,
    ...rest,
    optimizer: resolveOptimizer(optimizer),
    schedule: resolveSchedule(schedule),
    earlyStopping: { ...defaultParams.earlyStopping, ...earlyStopping },
    augmentation: sets.get(augmentation)!,
  };
}

function resolveOptimizer(entry: NonNullable<ParamsEntry['optimizer']>): Optimizer {
  const { name = defaultParams.optimizer.name, momentum, weightDecay } = entry;
  const usualRate = name === 'sgd' ? defaultSgdLearningRate : defaultParams.optimizer.learningRate;
  const learningRate = entry.learningRate ?? usualRate;
  switch (name) {
    case 'adam':
    case 'rmsprop':
      return { name, learningRate };
    case 'adamw':
      return { name, learningRate, weightDecay: weightDecay ?? defaultWeightDecay };
    case 'sgd':
      return { name, learningRate, momentum: momentum ?? defaultMomentum };
  }
}

function resolveSchedule(entry: NonNullable<ParamsEntry['schedule']>): Schedule {
  const { name, warmupEpochs } = { ...defaultParams.schedule, ...entry };
  if (name !== 'step') return { name, warmupEpochs };
  const { everyEpochs = defaultSteps.everyEpochs, factor = defaultSteps.factor } = entry;
  return { name, warmupEpochs, everyEpochs, factor };
}

/** The augmentation sets by name, every setting resolved; with the built-in `none`. */
export function resolveAugmentations(
  sets: ExperimentFile['augmentations'],
): ReadonlyMap<string, readonly Augmentation[]> {
  return new Map(
    Object.entries({ none: [], ...sets }).map(([name, entries]) => [name, entries.map(resolveAugmentation)]),
  );
}

/** An entry has one field: the augmentation's name. */
function resolveAugmentation(entry: AugmentationEntry): Augmentation {
  const [[name, settings]] = Object.entries(entry) as [[keyof typeof defaultAugmentations, object]];
  return { name, ...defaultAugmentations[name], ...settings } as Augmentation;
}

/** Without a training subset, all images that the validation leaves. */
export function resolveTrainSubset(
  { trainSubset, validation = 'test' }: ExperimentFile['data'] = {},
  trainingImages: number,
): number {
  return trainSubset ?? trainingImages - (validation === 'test' ? 0 : validation.holdout);
}

export function resolveData({ validation = 'test' }: ExperimentFile['data'] = {}): TrialData {
  return { validation };
}

/** The goal follows from the name: accuracy up, loss down. */
export function resolveMetric({
  name = 'valAccuracy',
  goal,
  select = 'best',
}: ExperimentFile['metric'] = {}): Metric {
  return { name, goal: goal ?? (name === 'valAccuracy' ? 'maximize' : 'minimize'), select };
}
