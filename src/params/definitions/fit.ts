import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly fit: 'crop' | 'stretch' | 'pad';
  }
}

export default {
  name: 'fit',
  schema: {
    description:
      "How an image that is no square becomes one: crop (its largest centred square), stretch, or pad (the whole image, centred on the data set's `background`). Square images are the same in all three. Default: crop.",
    type: 'string',
    enum: ['crop', 'stretch', 'pad'],
    default: 'crop',
    examples: ['crop', 'pad'],
  },
  neutral: 'crop',
  resolve: (given, { dataset }) => (dataset.side === null ? (given ?? 'crop') : 'crop'),
} satisfies ParameterDefinition<'fit'>;
