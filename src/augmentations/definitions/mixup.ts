import type { Tensor } from '../../engine/tfjs.js';
import type { AugmentationDefinition } from '../augmentation.js';

interface Settings {
  readonly alpha: number;
}

/**
 * An image is mixed with the one in its mirror place in the batch, which is in random order anyway. One share λ of
 * Beta(alpha, alpha) for the batch, as in the code of Zhang et al. 2018; the larger of λ and 1 − λ is the image's own, so
 * that its label stays the likelier one. λ = A / (A + B) of two gamma draws, whose logarithms are taken, since draws of a
 * small alpha are below what a float32 holds: log A = log G + log U / alpha, where G is of shape alpha + 1 and U uniform
 * (Marsaglia and Tsang 2000, section 6).
 */
export default {
  name: 'mixup',
  schema: {
    description:
      'Mixes each image and its label with another of the batch, with one share for the whole batch (Zhang et al. 2018).',
    examples: [{ alpha: 0.2 }],
    properties: {
      alpha: {
        description:
          "The share is drawn from the beta distribution Beta(alpha, alpha); the larger share is the image's own. Default: 0.2 (Zhang et al. 2018).",
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 10,
        default: 0.2,
        examples: [0.2],
      },
    },
  },
  mixesTargets: true,
  apply({ images, targets }, { alpha }, { tf, uniform, gamma }) {
    if (targets === null) throw new TypeError('Expected targets for mixup');
    const uniforms = tf.sub(1, uniform([2], 1)).log(); // of (0, 1]
    const [a, b] = gamma([2], alpha + 1)
      .log()
      .add(uniforms.div(alpha))
      .unstack() as [Tensor, Tensor];
    const own = a.sub(b).abs().sigmoid(); // the larger of λ and 1 − λ
    const mix = <T extends Tensor>(x: T): T => x.mul(own).add<T>(tf.reverse(x, 0).mul(tf.sub(1, own)));
    return { images: mix(images), targets: mix(targets) };
  },
} satisfies AugmentationDefinition<Settings>;
