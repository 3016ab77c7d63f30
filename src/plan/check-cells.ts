import type { PlacedFileProblem } from '../diagnostics/file-problem.js';
import type { ExperimentSpec } from '../spec/experiment-spec.js';
import type { SourcePath } from '../spec/source-tree.js';
import type { TrialData, TrialParams } from './trial.js';

/** Widths for which Keras publishes MobileNet weights trained on ImageNet. */
export const pretrainedAlphas: readonly number[] = [0.25, 0.5, 0.75, 1];

/** Where the file gives a cell's parameter (dotted below another), or would give it: its field in `params`. */
export type ParamPath = (name: string) => SourcePath;

/** What is wrong with a cell as a whole; each value by itself is known to be good. */
export function checkCell(
  params: TrialParams,
  data: TrialData,
  spec: ExperimentSpec,
  pathOf: ParamPath,
): PlacedFileProblem[] {
  const problems: PlacedFileProblem[] = [];
  const { alpha, batchSize } = params;
  if (params.weights === 'imagenet' && !pretrainedAlphas.includes(alpha)) {
    const path = pathOf('weights');
    const isGiven = path[0] !== 'params' || spec.params?.weights !== undefined;
    problems.push({
      kind: 'file',
      reason: 'alpha-without-weights',
      place: spec.placeOf(pathOf('alpha')),
      alpha,
      allowed: pretrainedAlphas,
      weights: isGiven ? spec.placeOf(path) : null,
    });
  }
  if (batchSize > data.trainSubset) {
    const place = spec.placeOf(pathOf('batchSize'));
    problems.push({
      kind: 'file',
      reason: 'batch-too-large',
      place,
      batchSize,
      trainSubset: data.trainSubset,
    });
  }
  return problems;
}
