import type { TrialParams } from './plan.js';

/** A change to the numbers that trials produce: to src/train, src/model, src/augmentations or src/engine. */
interface TrainerChange {
  readonly version: number;
  /** What is different now; completes "their numbers are others now: …". */
  readonly what: string;
  /** Whether a trial's numbers are others than before. */
  readonly concerns: (params: TrialParams) => boolean;
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
];

/** The newest version. */
export const trainerVersion = Math.max(firstVersion, ...trainerChanges.map(({ version }) => version));

/** Part of a trial's identity: the last change that concerns it. */
export function trainerVersionOf(params: TrialParams): number {
  const concerning = trainerChanges.filter(({ concerns }) => concerns(params));
  return Math.max(firstVersion, ...concerning.map(({ version }) => version));
}
