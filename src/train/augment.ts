import type { Examples, AugmentationTools } from '../augmentations/augmentation.js';
import { augmentationNamed } from '../augmentations/augmentations.js';
import { gatherRows, statelessGamma, statelessUniform, type Seed } from '../engine/fused-operations.js';
import { tf } from '../engine/tfjs.js';
import type { Augmentation } from '../plan/plan.js';

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

function toolsOf(seed: Seed): AugmentationTools {
  const seedOf = (stream: number): Seed => {
    if (stream === 0) return seed;
    if (seed instanceof tf.Tensor) return seed.add(tf.tensor1d([0, stream], 'int32'));
    return [seed[0], (seed[1] + stream) | 0];
  };
  return {
    tf,
    gatherRows,
    uniform: (dimensions, stream = 0) => statelessUniform(dimensions, seedOf(stream)),
    gamma: (dimensions, alpha, stream = 0) => statelessGamma(dimensions, alpha, seedOf(stream)),
  };
}
