import type { Augmentation } from '../../augmentations/augmentation.js';
import type { ParameterDefinition } from '../parameter.js';

declare module '../parameter.js' {
  interface TrialParams {
    readonly augmentation: readonly Augmentation[];
  }
  interface ParamEntries {
    readonly augmentation: string;
  }
}

const schema = {
  description:
    'The augmentation set to train with: a name from `augmentations`, or the built-in `none`. Default: none.',
  type: 'string',
  default: 'none',
  examples: ['none', 'flip'],
} as const;

export default {
  name: 'augmentation',
  schema,
  /** The name must be that of a set. */
  resolve: (given = schema.default, { sets }) => sets.get(given)!,
} satisfies ParameterDefinition<'augmentation'>;
