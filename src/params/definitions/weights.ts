import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly weights: 'imagenet' | 'none';
  }
}

export default {
  name: 'weights',
  schema: {
    description:
      "Initial weights: Keras' MobileNet trained on ImageNet, or none (random). Default: imagenet (Su Jianlin 2017).",
    type: 'string',
    enum: ['imagenet', 'none'],
    default: 'imagenet',
    examples: ['imagenet', 'none'],
  },
} satisfies ParameterDefinition<'weights'>;
