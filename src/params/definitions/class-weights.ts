import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly classWeights: 'none' | 'balanced';
  }
}

export default {
  name: 'classWeights',
  schema: {
    description:
      'Weights of the classes in the training loss: none, or balanced, which gives each class the same weight in all: N / (K · n) for a class with n of the N training images, K the number of classes (King and Zeng 2001, as in scikit-learn). Metrics are not weighted. Default: none.',
    type: 'string',
    enum: ['none', 'balanced'],
    default: 'none',
    examples: ['none', 'balanced'],
  },
  neutral: 'none',
  effect: {
    classWeights(value, counts) {
      if (value === 'none') return null;
      const trained = counts.filter((count) => count > 0);
      const images = trained.reduce((sum, count) => sum + count, 0);
      return counts.map((count) => (count === 0 ? 0 : images / (trained.length * count)));
    },
  },
} satisfies ParameterDefinition<'classWeights'>;
