import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    /** The data set's name in the experiment. */
    readonly dataset: string;
  }
}

export default {
  name: 'dataset',
  schema: {
    description:
      'The data set: a name of `datasets`, or one that needs no entry, such as fashion-mnist or cifar-10. Default: fashion-mnist (Xiao et al. 2017).',
    type: 'string',
    default: 'fashion-mnist',
    examples: ['fashion-mnist', 'flowers'],
  },
  named: true,
} satisfies ParameterDefinition<'dataset'>;
