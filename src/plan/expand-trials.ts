import type { ExperimentSpec } from '../spec/experiment-spec.js';
import { defaultSeed } from '../params/resolve-params.js';
import { trainerVersionOf } from './trainer-version.js';
import type { Datasets } from './grid/draft.js';
import type { SeedCounts } from './grid/expand-cells.js';
import { trialId } from './trial-id.js';
import type { Cell, Plan, Trial } from './plan.js';

/** What the planner needs to know of the world. */
export interface PlanContext {
  /** SHA-256 of the pretrained weights that a trial would start from; null where there are none. */
  readonly weightsSha256: (alpha: number, resolution: number) => string | null;
  readonly datasets: Datasets;
  readonly engineFamily: string;
}

export type TrialOrder = 'interleaved' | 'cellByCell';

/** Of a running design. */
const [fewestSeeds, mostSeeds] = [6, 40];

/** The seeds that each cell is trained with: all, or where seeds are added until all is decided, so many at least. */
export function listSeeds(seeds: ExperimentSpec['seeds']): {
  readonly seeds: readonly number[];
  readonly untilDecided: Plan['untilDecided'];
} {
  if (seeds === undefined) return { seeds: [defaultSeed], untilDecided: null };
  const follow = (length: number, base = defaultSeed) => Array.from({ length }, (_, index) => base + index);
  if ('count' in seeds) return { seeds: follow(seeds.count, seeds.base), untilDecided: null };
  if (!('until' in seeds)) return { seeds, untilDecided: null };
  const { min = fewestSeeds, max = mostSeeds, base } = seeds;
  return { seeds: follow(max, base), untilDecided: { min } };
}

/** How many they are, without making them. */
export function countSeeds(seeds: ExperimentSpec['seeds']): SeedCounts {
  if (seeds === undefined) return { fewest: 1, most: 1 };
  if ('count' in seeds) return { fewest: seeds.count, most: seeds.count };
  if (!('until' in seeds)) return { fewest: seeds.length, most: seeds.length };
  return { fewest: seeds.min ?? fewestSeeds, most: seeds.max ?? mostSeeds };
}

/**
 * Cells × seeds. Interleaved, the first seed of every cell comes before any second one: what is there after an
 * interruption is an even picture.
 */
export function expandTrials(
  cells: readonly Cell[],
  seeds: readonly number[],
  order: TrialOrder,
  { weightsSha256, datasets, engineFamily }: PlanContext,
): Trial[] {
  const contexts = cells.map(({ params }) => ({
    trainerVersion: trainerVersionOf(params, datasets(params.dataset)),
    dataSha256: datasets(params.dataset).sha256,
    weightsSha256: params.weights === 'none' ? null : weightsSha256(params.alpha, params.resolution),
    engineFamily,
  }));
  const toTrial = ({ index, axes, params, data }: Cell, seed: number): Trial => {
    const context = contexts[index]!;
    const id = trialId({ ...context, params, seed, data });
    const label = Object.entries({ ...axes, seed }).map(([name, value]) => `${name}=${value}`);
    return { id, cellIndex: index, label: label.join(' '), seed, params, data, context };
  };
  return order === 'interleaved'
    ? seeds.flatMap((seed) => cells.map((cell) => toTrial(cell, seed)))
    : cells.flatMap((cell) => seeds.map((seed) => toTrial(cell, seed)));
}
