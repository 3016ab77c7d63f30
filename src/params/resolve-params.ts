import type { Augmentation } from '../augmentations/augmentation.js';
import { resolveAugmentation } from '../augmentations/augmentations.js';
import type { DatasetFacts } from '../data/dataset.js';
import type { Metric, TrialData } from '../plan/plan.js';
import type { ExperimentFile } from '../spec/experiment-spec.js';
import type { ParamsEntry, ResolveContext, TrialParams } from './parameter.js';
import { parameters } from './parameters.js';

/** The augmentation set that every experiment has: an empty one. */
export const emptySet = 'none';

/** The data set of parameters that name none. */
export const defaultDatasetName: string = (
  parameters.find(({ name }) => name === 'dataset')!.schema as { default: string }
).default;

/** The baseline's seed (Su Jianlin 2017). */
export const defaultSeed = 2017;

/** Every parameter of a trial: what the file says, else the default. `augmentation` must name one of the sets. */
export function resolveParams(entry: ParamsEntry, context: ResolveContext): TrialParams {
  const fields = parameters.map(({ name, schema, resolve }) => {
    const given = entry[name];
    return [name, resolve ? resolve(given as never, context as never) : (given ?? schema.default)];
  });
  return Object.fromEntries(fields) as TrialParams;
}

/** The augmentation sets by name, every setting resolved; with the built-in one. */
export function resolveAugmentations(
  sets: ExperimentFile['augmentations'],
): ReadonlyMap<string, readonly Augmentation[]> {
  return new Map(
    Object.entries({ [emptySet]: [], ...sets }).map(([name, entries]) => [
      name,
      entries.map(resolveAugmentation),
    ]),
  );
}

/** The name of the data set that these parameters train on. */
export function datasetNameOf({ dataset = defaultDatasetName }: ParamsEntry): string {
  return dataset;
}

/** The share of the training images that validates a data set without images for that. */
const defaultHoldout = 0.2;

/**
 * Where validation images come from in a data set: where the file does not say, its validation images, else its test
 * images, else a holdout. A holdout ends where the data may be parted: images that belong together are on one side.
 */
export function resolveData(
  { validation }: ExperimentFile['data'] = {},
  { train, val, test }: DatasetFacts,
): TrialData {
  const chosen = validation ?? (val ? 'val' : test ? 'test' : { holdout: defaultHoldout });
  if (typeof chosen === 'string') return { validation: chosen };
  const { holdout } = chosen;
  const wanted = holdout < 1 ? Math.max(1, Math.round(holdout * train.count)) : holdout;
  let first = train.count - wanted;
  while (first > 0 && train.joined?.has(first)) first--;
  return { validation: { holdout: train.count - first } };
}

/** What a data set's trials resolve their parameters by. */
export function resolveContext(
  { data, augmentations }: Pick<ExperimentFile, 'data' | 'augmentations'>,
  dataset: DatasetFacts,
): ResolveContext {
  const { validation } = resolveData(data, dataset);
  const trainingImages = dataset.train.count - (typeof validation === 'string' ? 0 : validation.holdout);
  const trainSubset = data?.trainSubset ?? trainingImages;
  return { sets: resolveAugmentations(augmentations), dataset, trainingImages, trainSubset };
}

/** The goal follows from the name: a loss down, all others up. */
export function resolveMetric({
  name = 'valAccuracy',
  goal,
  select = 'best',
}: ExperimentFile['metric'] = {}): Metric {
  return { name, goal: goal ?? (name === 'valLoss' ? 'minimize' : 'maximize'), select };
}
