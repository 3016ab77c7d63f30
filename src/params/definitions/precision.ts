import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly precision: 'float32' | 'bfloat16';
  }
}

export default {
  name: 'precision',
  schema: {
    description:
      "Numbers that the network's 1×1 convolutions multiply, in training and in evaluation: float32, or bfloat16 (the first 16 bits of one; Kalamkar et al. 2019), rounded to nearest even. Sums, weights, statistics and everything else are float32 all the same. bfloat16 needs a processor with AVX512_BF16, and is refused on any other and on a GPU. Default: float32.",
    type: 'string',
    enum: ['float32', 'bfloat16'],
    default: 'float32',
    examples: ['float32', 'bfloat16'],
  },
  neutral: 'float32',
} satisfies ParameterDefinition<'precision'>;
