import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    /** Number of training images used: the first of what validation leaves, in the data's order. */
    readonly trainSubset: number;
  }
}

export default {
  name: 'trainSubset',
  schema: {
    description:
      'Training images used: a number, or a share below 1 of what validation leaves. The first of them in the order of the data, so a smaller part lies within a larger one. Default: the value of `data.trainSubset`.',
    type: 'number',
    exclusiveMinimum: 0,
    examples: [6000, 0.5],
  },
  resolve: (given, { trainSubset, trainingImages }) => {
    const wanted = given ?? trainSubset;
    return wanted < 1 ? Math.max(1, Math.round(wanted * trainingImages)) : wanted;
  },
} satisfies ParameterDefinition<'trainSubset'>;
