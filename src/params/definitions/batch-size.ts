import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly batchSize: number;
  }
}

export default {
  name: 'batchSize',
  schema: {
    description:
      'Images in one step of training; at most the training images. Default: 64 (Su Jianlin 2017, who takes 100 with augmentation).',
    type: 'integer',
    minimum: 2,
    default: 64,
    examples: [64, 100],
  },
} satisfies ParameterDefinition<'batchSize'>;
