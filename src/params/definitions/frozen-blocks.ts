import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    /** 0: none; n: the first convolution and the first n of the 13 blocks. */
    readonly frozenBlocks: number;
  }
}

export default {
  name: 'frozenBlocks',
  schema: {
    description:
      'Blocks that are not trained, with their statistics. 0 trains everything, n freezes the first convolution and the first n of the 13 blocks, 13 trains the last layer only. Default: 0 (Su Jianlin 2017, who trains all weights).',
    type: 'integer',
    minimum: 0,
    maximum: 13,
    default: 0,
    examples: [0, 13],
  },
} satisfies ParameterDefinition<'frozenBlocks'>;
