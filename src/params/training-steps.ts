import type { TrialParams } from './parameter.js';

/** Steps in an epoch; the last one may have fewer images than the others. */
export function stepsPerEpoch({
  trainSubset,
  batchSize,
}: Pick<TrialParams, 'trainSubset' | 'batchSize'>): number {
  return Math.ceil(trainSubset / batchSize);
}

/** Steps of the warm-up, which may end within an epoch. */
export function warmupSteps(
  { warmupEpochs }: { readonly warmupEpochs: number },
  stepsPerEpoch: number,
): number {
  return Math.round(warmupEpochs * stepsPerEpoch);
}
