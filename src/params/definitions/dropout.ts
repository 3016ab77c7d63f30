import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly dropout: number;
  }
}

export default {
  name: 'dropout',
  schema: {
    description:
      'Fraction of the pooled features dropped before the last layer while training. Default: 0.5 (Su Jianlin 2017).',
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.5,
    examples: [0, 0.5],
  },
  effect: {
    /** Keeps a feature with probability 1 − `rate` and scales it by the inverse. */
    features(features, rate, { uniform }) {
      if (rate === 0) return features;
      const kept = uniform(features.shape).greaterEqual(rate).toFloat();
      return features.mul(kept.div(1 - rate));
    },
  },
} satisfies ParameterDefinition<'dropout'>;
