import type { ExperimentSpec } from '../spec/experiment-spec.js';
import { defaultSeed } from '../params/resolve-params.js';
import { trainerVersionOf } from './trainer-version.js';
import type { DatasetFacts } from '../data/dataset.js';
import { trialId } from './trial-id.js';
import type { Cell, Trial, TrialData } from './plan.js';

/** What the planner needs to know of the world. */
export interface PlanContext {
  /** SHA-256 of the pretrained weights that a trial would start from; null where there are none. */
  readonly weightsSha256: (alpha: number, resolution: number) => string | null;
  readonly dataset: DatasetFacts;
  readonly engineFamily: string;
}

export type TrialOrder = 'interleaved' | 'cellByCell';

export function listSeeds(seeds: ExperimentSpec['seeds']): readonly number[] {
  if (seeds === undefined) return [defaultSeed];
  if (!('count' in seeds)) return seeds;
  return Array.from({ length: seeds.count }, (_, index) => (seeds.base ?? defaultSeed) + index);
}

/**
 * Cells × seeds. Interleaved, the first seed of every cell comes before any second one: what is there after an
 * interruption is an even picture.
 */
export function expandTrials(
  cells: readonly Cell[],
  seeds: readonly number[],
  data: TrialData,
  order: TrialOrder,
  { weightsSha256, dataset, engineFamily }: PlanContext,
): Trial[] {
  const contexts = cells.map(({ params }) => ({
    trainerVersion: trainerVersionOf(params),
    dataSha256: dataset.sha256,
    weightsSha256: params.weights === 'none' ? null : weightsSha256(params.alpha, params.resolution),
    engineFamily,
  }));
  const toTrial = ({ index, axes, params }: Cell, seed: number): Trial => {
    const context = contexts[index]!;
    const id = trialId({ ...context, params, seed, data });
    const label = Object.entries({ ...axes, seed }).map(([name, value]) => `${name}=${value}`);
    return { id, cellIndex: index, label: label.join(' '), seed, params, data, context };
  };
  return order === 'interleaved'
    ? seeds.flatMap((seed) => cells.map((cell) => toTrial(cell, seed)))
    : cells.flatMap((cell) => seeds.map((seed) => toTrial(cell, seed)));
}
