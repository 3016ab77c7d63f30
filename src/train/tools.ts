import type { AugmentationTools } from '../augmentations/augmentation.js';
import { gatherRows, statelessGamma, statelessUniform, type Seed } from '../engine/fused-operations.js';
import { tf } from '../engine/tfjs.js';

/** What the definitions of augmentations and parameters compute with, their draws following from the seed. */
export function toolsOf(seed: Seed): AugmentationTools {
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
