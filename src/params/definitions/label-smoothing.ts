import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly labelSmoothing: number;
  }
}

export default {
  name: 'labelSmoothing',
  schema: {
    description:
      'Share of each label that is spread evenly over all classes (Szegedy et al. 2016). Training loss only. Default: 0.',
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0,
    examples: [0, 0.1],
  },
} satisfies ParameterDefinition<'labelSmoothing'>;
