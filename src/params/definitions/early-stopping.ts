import type { ParameterDefinition } from '../parameter.js';

/** Patience in epochs, 0 for never; minDelta in nats. */
export interface EarlyStopping {
  readonly patience: number;
  readonly minDelta: number;
}

declare module '../parameter.js' {
  interface TrialParams {
    readonly earlyStopping: EarlyStopping;
  }
  interface ParamEntries {
    readonly earlyStopping: Partial<EarlyStopping>;
  }
}

const schema = {
  description:
    'Ends a trial whose validation loss no longer falls. The trial counts as completed, with the epochs that it has. Default: off.',
  type: 'object',
  additionalProperties: false,
  default: { patience: 0, minDelta: 0 },
  examples: [{ patience: 5 }],
  properties: {
    patience: {
      description:
        'Epochs without a lower validation loss after which training ends; 0 never ends it. Default: 0.',
      type: 'integer',
      minimum: 0,
      default: 0,
      examples: [0, 5],
    },
    minDelta: {
      description: 'How much lower the loss must be to count, nats. Default: 0 (Keras).',
      type: 'number',
      minimum: 0,
      default: 0,
      examples: [0.001],
    },
  },
} as const;

export default {
  name: 'earlyStopping',
  schema,
  resolve: (given) => ({ ...schema.default, ...given }),
} satisfies ParameterDefinition<'earlyStopping'>;
