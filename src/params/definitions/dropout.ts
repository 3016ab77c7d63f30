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
} satisfies ParameterDefinition<'dropout'>;
