import fashionMnist from '../src/data/sets/fashion-mnist.js';
import { resolveContext, resolveParams } from '../src/params/resolve-params.js';
import { trainerVersion } from '../src/plan/trainer-version.js';
import { augmentations, resolveAugmentation } from '../src/augmentations/augmentations.js';
import type { Augmentation, Budget, PlannedDataset, TrialContext, TrialParams } from '../src/plan/plan.js';
import type { ParamsEntry } from '../src/params/parameter.js';

/** Parameters as a file with `params: entry` gives them, by default of a small network from random weights. */
export function paramsOf(entry: ParamsEntry = {}): TrialParams {
  const small = { alpha: 0.25, weights: 'none', resolution: 28, ...entry } as const;
  return resolveParams(small, resolveContext({}, fashionMnist));
}

/** Every augmentation with its defaults, by name. */
export const defaultAugmentations: Readonly<Record<string, Augmentation>> = Object.fromEntries(
  augmentations.map(({ name }) => [name, resolveAugmentation({ [name]: {} })]),
);

/** What a trial's id holds beside its parameters, of no real data. */
export function contextOf(changes: Partial<TrialContext> = {}): TrialContext {
  const dataSha256 = 'd'.repeat(64);
  return { trainerVersion, dataSha256, weightsSha256: null, engineFamily: 'tensorflow', ...changes };
}

/** Fashion-MNIST, as a plan has it. */
export const fashionMnistAsPlanned: PlannedDataset = {
  name: fashionMnist.name,
  title: fashionMnist.title,
  sha256: fashionMnist.sha256,
  classes: fashionMnist.classes,
  images: { train: fashionMnist.train.count, val: null, test: fashionMnist.test.count },
};

export const noLimits: Budget = {
  maxTrials: null,
  maxDurationSeconds: null,
  trialTimeoutSeconds: null,
  stallTimeoutSeconds: 600,
  maxFailedTrials: null,
};
