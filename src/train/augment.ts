import type { Examples } from '../augmentations/augmentation.js';
import { augmentationNamed } from '../augmentations/augmentations.js';
import type { Seed } from '../engine/fused-operations.js';
import type { Augmentation } from '../plan/plan.js';
import { toolsOf } from './tools.js';

/**
 * Applies the augmentations in their order to a batch. The draws are a pure function of `seedOf(place in the list)`.
 */
export function augment(
  examples: Examples,
  augmentations: readonly Augmentation[],
  seedOf: (index: number) => Seed,
): Examples {
  return augmentations.reduce(
    (batch, { name, ...settings }, index) =>
      augmentationNamed(name).apply(batch, settings, toolsOf(seedOf(index))),
    examples,
  );
}
