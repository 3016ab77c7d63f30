import type { ParameterDefinition } from '../parameter.js';

/** Course of the learning rate. */
export type Schedule =
  | { readonly name: 'constant' | 'cosine'; readonly warmupEpochs: number }
  | {
      readonly name: 'step';
      readonly warmupEpochs: number;
      readonly everyEpochs: number;
      readonly factor: number;
    };

interface ScheduleEntry {
  readonly name?: Schedule['name'];
  readonly warmupEpochs?: number;
  readonly everyEpochs?: number;
  readonly factor?: number;
}

declare module '../parameter.js' {
  interface TrialParams {
    readonly schedule: Schedule;
  }
  interface ParamEntries {
    readonly schedule: ScheduleEntry;
  }
}

const schema = {
  description: 'How the learning rate changes while training. Default: it does not (Su Jianlin 2017).',
  type: 'object',
  additionalProperties: false,
  default: { name: 'constant', warmupEpochs: 0 },
  examples: [{ name: 'cosine', warmupEpochs: 1 }],
  properties: {
    name: {
      description:
        'The course after the warm-up: constant, cosine (to 0 at the end; Loshchilov and Hutter 2017, without restarts) or step (times `factor` every `everyEpochs`, counted from the end of the warm-up). Default: constant.',
      type: 'string',
      enum: ['constant', 'cosine', 'step'],
      default: 'constant',
      examples: ['cosine'],
    },
    warmupEpochs: {
      description:
        'Epochs in which the learning rate rises from 0 in equal steps (Goyal et al. 2017); may be a fraction. Default: 0.',
      type: 'number',
      minimum: 0,
      default: 0,
      examples: [0, 1],
    },
    everyEpochs: {
      description: 'Epochs from one step down to the next; for `step` only. Default: 30 (He et al. 2016).',
      type: 'integer',
      minimum: 1,
      default: 30,
      examples: [10],
    },
    factor: {
      description:
        'What the learning rate is multiplied by at each step; for `step` only. Default: 0.1 (He et al. 2016).',
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.1,
      examples: [0.1],
    },
  },
} as const;

export default {
  name: 'schedule',
  schema,
  /** A setting that the course does not have is left out. */
  resolve(given = {}) {
    const { name = schema.default.name, warmupEpochs = schema.default.warmupEpochs } = given;
    if (name !== 'step') return { name, warmupEpochs };
    const { properties } = schema;
    const { everyEpochs = properties.everyEpochs.default, factor = properties.factor.default } = given;
    return { name, warmupEpochs, everyEpochs, factor };
  },
} satisfies ParameterDefinition<'schedule'>;
