import type { Augmentation } from '../augmentations/augmentation.js';
import { resolveAugmentation } from '../augmentations/augmentations.js';
import type { Metric, TrialData } from '../plan/plan.js';
import type { ExperimentFile } from '../spec/experiment-spec.js';
import type { ParamsEntry, ResolveContext, TrialParams } from './parameter.js';
import { parameters } from './parameters.js';

/** The augmentation set that every experiment has: an empty one. */
export const emptySet = 'none';

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
