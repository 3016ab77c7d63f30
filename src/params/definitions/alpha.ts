import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    /** Width multiplier. */
    readonly alpha: number;
  }
}

export default {
  name: 'alpha',
  schema: {
    description:
      'Width multiplier of MobileNet (Howard et al. 2017). ImageNet weights exist for 0.25, 0.5, 0.75 and 1; without them, any number above 0 and up to 2. Default: 1.',
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 2,
    default: 1,
    examples: [0.25, 0.5, 0.75, 1],
  },
} satisfies ParameterDefinition<'alpha'>;
