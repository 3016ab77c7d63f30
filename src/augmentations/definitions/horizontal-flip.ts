import type { AugmentationDefinition } from '../augmentation.js';

interface Settings {
  readonly probability: number;
}

export default {
  name: 'horizontalFlip',
  schema: {
    description: 'Mirrors an image left and right (Su Jianlin 2017).',
    examples: [{ probability: 0.5 }],
    properties: {
      probability: {
        description: 'Chance that an image is mirrored. Default: 0.5 (Su Jianlin 2017).',
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.5,
        examples: [0.5],
      },
    },
  },
  apply({ images, targets }, { probability }, { tf, uniform }) {
    const flipped = uniform([images.shape[0], 1, 1, 1]).less(probability);
    return { images: tf.where(flipped, tf.reverse(images, [2]), images), targets };
  },
} satisfies AugmentationDefinition<Settings>;
