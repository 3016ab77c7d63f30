import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly epochs: number;
  }
}

export default {
  name: 'epochs',
  schema: {
    description: 'Passes over the training images. Default: 50 (Su Jianlin 2017).',
    type: 'integer',
    minimum: 1,
    default: 50,
    examples: [2, 50],
  },
} satisfies ParameterDefinition<'epochs'>;
