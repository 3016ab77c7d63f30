import { warmupSteps } from '../params/training-steps.js';
import type { Schedule } from '../plan/plan.js';

/**
 * The learning rate of a step, the first being 1. During the warm-up it rises in equal steps to `learningRate`
 * (Goyal et al. 2017). Then it stays; or falls by half a cosine to 0 after the last step (Loshchilov and Hutter 2017,
 * without restarts); or is multiplied by `factor` after every `everyEpochs` epochs, counted from the end of the
 * warm-up (He et al. 2016).
 */
export function learningRateAt(
  step: number,
  learningRate: number,
  schedule: Schedule,
  stepsPerEpoch: number,
  epochs: number,
): number {
  const warmup = warmupSteps(schedule, stepsPerEpoch);
  if (step <= warmup) return (learningRate * step) / warmup;
  switch (schedule.name) {
    case 'constant':
      return learningRate;
    case 'cosine': {
      const done = (step - 1 - warmup) / (epochs * stepsPerEpoch - warmup);
      return (learningRate * (1 + Math.cos(Math.PI * done))) / 2;
    }
    case 'step': {
      const epoch = Math.floor((step - 1 - warmup) / stepsPerEpoch); // from 0
      return learningRate * schedule.factor ** Math.floor(epoch / schedule.everyEpochs);
    }
  }
}
