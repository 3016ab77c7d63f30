import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    /** Training images used: the first `trainSubset` of what validation leaves. */
    readonly trainSubset: number;
  }
}

export default {
  name: 'trainSubset',
  schema: {
    description: 'Training images used: the first n. Default: the value of `data.trainSubset`.',
    type: 'integer',
    minimum: 64,
    examples: [6000, 60000],
  },
  resolve: (given, { trainSubset }) => given ?? trainSubset,
} satisfies ParameterDefinition<'trainSubset'>;
