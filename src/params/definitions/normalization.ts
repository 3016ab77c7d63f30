import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly normalization: 'unit' | 'symmetric' | 'standardized';
  }
}

export default {
  name: 'normalization',
  schema: {
    description:
      'Range of the input pixels: unit (0 to 1), symmetric (-1 to 1, as Keras prepares images for MobileNet) or standardized (mean 0 and standard deviation 1 over the training set at its original size; resized images are smoother, with 0.95 at 56 pixels). Default: unit (Su Jianlin 2017).',
    type: 'string',
    enum: ['unit', 'symmetric', 'standardized'],
    default: 'unit',
    examples: ['unit', 'symmetric'],
  },
} satisfies ParameterDefinition<'normalization'>;
