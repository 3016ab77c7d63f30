import type { Scalar } from '../../engine/tfjs.js';
import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly gradientClip: number;
  }
}

export default {
  name: 'gradientClip',
  schema: {
    description:
      'Largest norm of all gradients together. Where the norm is larger, every gradient is scaled down by the same factor (Pascanu et al. 2013), as `global_clipnorm` of Keras. Default: 0, which clips nothing.',
    type: 'number',
    minimum: 0,
    default: 0,
    examples: [0, 1],
  },
  neutral: 0,
  effect: {
    gradients(gradients, largest, { tf }) {
      if (largest === 0) return gradients;
      const squares = gradients.map((gradient) => gradient.square().sum<Scalar>());
      const norm = tf.addN(squares).sqrt();
      const factor = tf.scalar(largest).div(tf.maximum(norm, largest)); // 1 where the norm is small enough
      return gradients.map((gradient) => gradient.mul(factor));
    },
  },
} satisfies ParameterDefinition<'gradientClip'>;
