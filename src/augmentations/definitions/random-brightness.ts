import type { Tensor4D } from '../../engine/tfjs.js';
import type { AugmentationDefinition } from '../augmentation.js';

interface Settings {
  readonly delta: number;
}

export default {
  name: 'randomBrightness',
  schema: {
    description:
      "Adds one random number to all pixels of an image and clips to 0 to 1, as Keras' RandomBrightness.",
    examples: [{ delta: 0.2 }],
    properties: {
      delta: {
        description: 'The number is uniform from -delta to delta, on the 0 to 1 scale. Default: 0.2.',
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.2,
        examples: [0.2],
      },
    },
  },
  apply({ images, targets }, { delta }, { uniform }) {
    const draw = uniform([images.shape[0], 1, 1, 1]);
    const changed = images.add(draw.mul(2 * delta).sub(delta)).clipByValue(0, 1);
    return { images: changed as Tensor4D, targets };
  },
} satisfies AugmentationDefinition<Settings>;
