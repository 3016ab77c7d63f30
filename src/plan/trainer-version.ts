import type { DatasetFacts } from '../data/dataset.js';
import type { TrialParams } from '../params/parameter.js';
import { stepsPerEpoch, warmupSteps } from '../params/training-steps.js';

/** A change to the numbers that trials produce: to src/train, src/model, src/augmentations or src/engine. */
interface TrainerChange {
  readonly version: number;
  /** What is different now; completes "their numbers are others now: …". */
  readonly what: string;
  /** Whether a trial's numbers are others than before. */
  readonly concerns: (params: TrialParams, dataset: Pick<DatasetFacts, 'side'>) => boolean;
}

/** Of the trials that no later change concerns. */
const firstVersion = 3;

/**
 * Every change since the first version. A finished trial that a change concerns is trained again instead of being
 * compared with others; all the others stay as they are.
 */
export const trainerChanges: readonly TrainerChange[] = [
  {
    version: 4,
    what: 'testTimeFlip adds probabilities in logarithms, so that its loss stays finite',
    concerns: ({ testTimeFlip }) => testTimeFlip,
  },
  {
    version: 4,
    what: 'the steps of a schedule count from the end of its warm-up',
    concerns: stepsElsewhereAfterWarmup,
  },
  {
    version: 4,
    what: 'images are antialiased where they shrink',
    concerns: ({ resolution }, { side }) => side !== null && resolution < side,
  },
  {
    version: 4,
    what: 'mixup draws its share in logarithms, so that a small alpha gives shares near 0 and 1',
    concerns: ({ augmentation }) => augmentation.some(({ name }) => name === 'mixup'),
  },
  {
    version: 5,
    what: 'the kernels of a CPU add in another order',
    // Sums differ in their last digits, as between two processors: what is finished is as good as what is new.
    concerns: () => false,
  },
  {
    version: 6,
    what: 'an evaluation adds up fewer images at a time above 112 pixels',
    concerns: () => false, // as before: the last digits of a loss
  },
];

/** Whether a step down comes at another place when epochs count from the end of the warm-up, not from the start. */
function stepsElsewhereAfterWarmup(params: TrialParams): boolean {
  const { schedule, epochs } = params;
  if (schedule.name !== 'step') return false;
  const steps = stepsPerEpoch(params);
  const warmup = warmupSteps(schedule, steps);
  return warmup > 0 && warmup < epochs * steps && schedule.everyEpochs < epochs;
}

/** The newest version. */
export const trainerVersion = Math.max(firstVersion, ...trainerChanges.map(({ version }) => version));

/** Part of a trial's identity: the last change that concerns it. */
export function trainerVersionOf(params: TrialParams, dataset: Pick<DatasetFacts, 'side'>): number {
  const concerning = trainerChanges.filter(({ concerns }) => concerns(params, dataset));
  return Math.max(firstVersion, ...concerning.map(({ version }) => version));
}
