import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    /** Side of the square input, pixels. */
    readonly resolution: number;
  }
}

export default {
  name: 'resolution',
  schema: {
    description:
      'Side of the square input, pixels; images are resized bilinearly, and antialiased where they shrink. Unlike in the baseline of 2017, the result is not rounded to bytes. Default: 56 (Su Jianlin 2017).',
    type: 'integer',
    minimum: 8,
    maximum: 512,
    default: 56,
    examples: [28, 56],
  },
} satisfies ParameterDefinition<'resolution'>;
