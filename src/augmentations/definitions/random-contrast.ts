import type { Tensor4D } from '../../engine/tfjs.js';
import type { AugmentationDefinition } from '../augmentation.js';

interface Settings {
  readonly delta: number;
}

export default {
  name: 'randomContrast',
  schema: {
    description:
      "Scales the distances of the pixels from their channel's mean in the image by one random factor and clips to 0 to 1, as Keras' RandomContrast.",
    examples: [{ delta: 0.2 }],
    properties: {
      delta: {
        description: 'The factor is uniform from 1 - delta to 1 + delta. Default: 0.2.',
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.2,
        examples: [0.2],
      },
    },
  },
  apply({ images, targets }, { delta }, { uniform }) {
    const factor = uniform([images.shape[0], 1, 1, 1])
      .mul(2 * delta)
      .add(1 - delta);
    const mean = images.mean([1, 2], true);
    const changed = images.sub(mean).mul(factor).add(mean).clipByValue(0, 1);
    return { images: changed as Tensor4D, targets };
  },
} satisfies AugmentationDefinition<Settings>;
