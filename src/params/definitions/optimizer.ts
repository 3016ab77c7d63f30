import type { ParameterDefinition } from '../parameter.js';

export type Optimizer =
  | { readonly name: 'adam' | 'rmsprop'; readonly learningRate: number }
  | { readonly name: 'adamw'; readonly learningRate: number; readonly weightDecay: number }
  | { readonly name: 'sgd'; readonly learningRate: number; readonly momentum: number };

interface OptimizerEntry {
  readonly name?: Optimizer['name'];
  readonly learningRate?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
}

declare module '../parameter.js' {
  interface TrialParams {
    readonly optimizer: Optimizer;
  }
  interface ParamEntries {
    readonly optimizer: OptimizerEntry;
  }
}

/** Keras' default. */
const usualSgdRate = 0.01;

const schema = {
  description: 'How weights are updated. Default: Adam with its usual learning rate (Su Jianlin 2017).',
  type: 'object',
  additionalProperties: false,
  default: { name: 'adam', learningRate: 0.001 },
  examples: [{ name: 'adam', learningRate: 0.001 }],
  properties: {
    name: {
      description:
        'The optimiser, as in Keras: adam (Kingma and Ba 2015), adamw (Loshchilov and Hutter 2019), sgd (with momentum) or rmsprop (Hinton 2012, rho 0.9). Default: adam.',
      type: 'string',
      enum: ['adam', 'adamw', 'sgd', 'rmsprop'],
      default: 'adam',
      examples: ['adam', 'sgd'],
    },
    learningRate: {
      description:
        'Step size of the optimiser. Default: 0.001 (Kingma and Ba 2015; Keras), and 0.01 for sgd (Keras).',
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.001,
      examples: [0.001, 0.0001],
    },
    momentum: {
      description: 'Momentum, for sgd only (0 is plain gradient descent). Default: 0.9 (He et al. 2016).',
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.9,
      examples: [0, 0.9],
    },
    weightDecay: {
      description:
        'Share of each weight, times the learning rate, that a step subtracts; for adamw only (Loshchilov and Hutter 2019). Default: 0.004 (Keras).',
      type: 'number',
      minimum: 0,
      default: 0.004,
      examples: [0.004, 0.05],
    },
  },
} as const;

export default {
  name: 'optimizer',
  schema,
  /** A setting that the optimiser does not have is left out. */
  resolve({ name = schema.default.name, learningRate, momentum, weightDecay } = {}) {
    const { properties } = schema;
    const rate = learningRate ?? (name === 'sgd' ? usualSgdRate : schema.default.learningRate);
    switch (name) {
      case 'adam':
      case 'rmsprop':
        return { name, learningRate: rate };
      case 'adamw':
        return { name, learningRate: rate, weightDecay: weightDecay ?? properties.weightDecay.default };
      case 'sgd':
        return { name, learningRate: rate, momentum: momentum ?? properties.momentum.default };
    }
  },
} satisfies ParameterDefinition<'optimizer'>;
