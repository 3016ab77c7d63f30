import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly testTimeFlip: boolean;
  }
}

export default {
  name: 'testTimeFlip',
  schema: {
    description:
      'Validates on each image and its mirror image, and takes the mean of the two probabilities. Training is not changed. Default: false.',
    type: 'boolean',
    default: false,
    examples: [true],
  },
} satisfies ParameterDefinition<'testTimeFlip'>;
