import { augmentationNamed } from '../augmentations/augmentations.js';
import { count } from '../diagnostics/count.js';
import type { Augmentation, Schedule, TrialParams } from '../plan/plan.js';
import { stepsPerEpoch, warmupSteps } from './training-steps.js';

/** What changes nothing in a trial, and why. */
export interface Idle {
  /**
   * The settings concerned, by their path in the parameters: of those that a file gives, the first is at fault. None
   * where the file is right to say it, and two trials come out as one all the same.
   */
  readonly settings: readonly (readonly (string | number)[])[];
  /** A sentence without its full stop. */
  readonly because: string;
}

/** A parameter as if what is idle were not there. */
interface Effective<Value> {
  readonly value: Value;
  readonly idle: readonly Idle[];
}

/** Values that say "off": given, they are no settings without effect. */
export const offValues: Readonly<Record<string, unknown>> = {
  'schedule.name': 'constant',
  'schedule.warmupEpochs': 0,
  'earlyStopping.patience': 0,
  'earlyStopping.minDelta': 0,
};

/**
 * The parameters that train the same, with everything off that is idle: trials with equal ones differ in nothing but
 * their random numbers. Not for identities: those take the parameters as they are.
 */
export function effectiveParams(params: TrialParams): Effective<TrialParams> {
  const schedule = effectiveSchedule(params);
  const earlyStopping = effectiveEarlyStopping(params);
  const augmentation = effectiveAugmentation(params);
  const optimizer = effectiveOptimizer(params);
  return {
    value: {
      ...params,
      schedule: schedule.value,
      earlyStopping: earlyStopping.value,
      augmentation: augmentation.value,
      optimizer: optimizer.value,
    },
    idle: [...schedule.idle, ...earlyStopping.idle, ...augmentation.idle, ...optimizer.idle],
  };
}

/** By the arithmetic of train/learning-rate.ts. */
function effectiveSchedule(params: TrialParams): Effective<Schedule> {
  const { schedule, epochs } = params;
  const { name, warmupEpochs } = schedule;
  const steps = stepsPerEpoch(params);
  const warmup = warmupSteps(schedule, steps);
  const course = name === 'step' ? ['everyEpochs', 'factor', 'name'] : ['name'];
  const idle = (because: string, ...settings: string[]): Idle => ({
    settings: settings.map((setting) => ['schedule', setting]),
    because,
  });
  const rise = `the warm-up of ${count(warmupEpochs, 'epoch')}`;
  if (warmup > epochs * steps) {
    const because = `${rise} is longer than the ${count(epochs, 'epoch')} of training`;
    return { value: { name: 'constant', warmupEpochs }, idle: [idle(because, 'warmupEpochs', ...course)] };
  }
  const flat = whyFlat(schedule, warmup, steps, epochs);
  // The last step of a warm-up has the full rate, and so has a course that stays where it starts.
  const isOver = warmup === 0 || (warmup === 1 && whyFlat(schedule, 0, steps, epochs) !== null);
  const over = `${rise} is over with the first step: an epoch has ${count(steps, 'step')}`;
  return {
    value: {
      ...(flat === null ? schedule : { name: 'constant' as const }),
      warmupEpochs: isOver ? 0 : warmupEpochs,
    },
    idle: [
      ...(isOver && warmupEpochs > 0 ? [idle(over, 'warmupEpochs')] : []),
      ...(flat !== null && name !== 'constant' ? [idle(flat, ...course)] : []),
    ],
  };
}

/** Why the rate stays the same after so many steps of warm-up; null where it falls. */
function whyFlat(schedule: Schedule, warmup: number, stepsPerEpoch: number, epochs: number): string | null {
  const total = epochs * stepsPerEpoch;
  switch (schedule.name) {
    case 'constant':
      return 'it is constant';
    case 'cosine':
      if (warmup + 1 < total) return null;
      if (warmup === 0) return 'training has one step, which has the full rate';
      return warmup === total ? 'training ends with the warm-up' : 'a single step follows the warm-up';
    case 'step': {
      const { everyEpochs, warmupEpochs } = schedule;
      if (warmup + everyEpochs * stepsPerEpoch < total) return null;
      const before = warmup > 0 ? `a warm-up of ${count(warmupEpochs, 'epoch')} and ` : '';
      return `the first step down would come after ${before}${count(everyEpochs, 'epoch')}, and training has ${count(epochs, 'epoch')}`;
    }
  }
}

/** By train/early-stopping.ts: the first epoch always improves, so patience p ends training after p + 1 epochs at best. */
function effectiveEarlyStopping({
  earlyStopping,
  epochs,
}: TrialParams): Effective<TrialParams['earlyStopping']> {
  const { patience, minDelta } = earlyStopping;
  const off = { patience: 0, minDelta: 0 };
  const [ofPatience, ofMinDelta] = [
    ['earlyStopping', 'patience'],
    ['earlyStopping', 'minDelta'],
  ] as const;
  if (patience > 0 && patience + 1 >= epochs) {
    const because = `it ends training after ${count(patience + 1, 'epoch')} at the earliest, and training has ${count(epochs, 'epoch')}`;
    return { value: off, idle: [{ settings: [ofPatience, ofMinDelta], because }] };
  }
  if (patience === 0 && minDelta > 0)
    return {
      value: off,
      idle: [
        { settings: [ofMinDelta], because: 'without `earlyStopping.patience`, training never ends early' },
      ],
    };
  return { value: earlyStopping, idle: [] };
}

function effectiveAugmentation({
  augmentation,
  resolution,
}: TrialParams): Effective<readonly Augmentation[]> {
  const idle = augmentation.map((one): { setting: string; because: string } | null => {
    if ('probability' in one && one.probability === 0)
      return { setting: 'probability', because: 'at a probability of 0 no image is changed' };
    const { name, ...settings } = one;
    return augmentationNamed(name).idle?.(settings, resolution) ?? null;
  });
  return {
    value: augmentation.filter((_, index) => idle[index] === null),
    idle: idle.flatMap((one, index) =>
      one ? [{ settings: [['augmentation', index, one.setting]], because: one.because }] : [],
    ),
  };
}

function effectiveOptimizer({ optimizer }: TrialParams): Effective<TrialParams['optimizer']> {
  if (optimizer.name !== 'adamw' || optimizer.weightDecay !== 0) return { value: optimizer, idle: [] };
  const { learningRate } = optimizer;
  return {
    value: { name: 'adam', learningRate },
    idle: [{ settings: [], because: 'adamw without weight decay is adam' }],
  };
}
