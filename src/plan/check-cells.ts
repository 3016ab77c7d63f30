import type { DatasetFacts } from '../data/dataset.js';
import type { PlacedFileProblem } from '../diagnostics/file-problem.js';
import type { ExperimentSpec } from '../spec/experiment-spec.js';
import type { SourcePath } from '../spec/source/source-tree.js';
import type { TrialData, TrialParams } from './plan.js';

/** Widths for which Keras publishes MobileNet weights trained on ImageNet. */
export const pretrainedAlphas: readonly number[] = [0.25, 0.5, 0.75, 1];

/** Where the file gives a cell's parameter (dotted below another), or would give it: its field in `params`. */
export type ParamPath = (name: string) => SourcePath;

/** What is wrong with a cell as a whole; each value by itself is known to be good. */
export function checkCell(
  params: TrialParams,
  data: TrialData,
  dataset: DatasetFacts,
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
  const { trainSubset } = params;
  const split = checkSplit(trainSubset, data, dataset, spec, pathOf);
  if (split) problems.push(split);
  else if (batchSize > trainSubset) {
    const place = spec.placeOf(pathOf('batchSize'));
    problems.push({
      kind: 'file',
      reason: 'batch-too-large',
      place,
      batchSize,
      trainSubset,
    });
  }
  return problems;
}

/** Whether the data set has as many training images as are asked for. */
function checkSplit(
  trainSubset: number,
  { validation }: TrialData,
  { title, train: { count: available } }: DatasetFacts,
  spec: ExperimentSpec,
  pathOf: ParamPath,
): PlacedFileProblem | null {
  const holdout = validation === 'test' ? 0 : validation.holdout;
  if (holdout >= available) {
    const place = spec.placeOf(['data', 'validation', 'holdout']);
    return { kind: 'file', reason: 'nothing-to-train-on', place, holdout, title, available };
  }
  if (trainSubset + holdout <= available) return null;
  const path = pathOf('trainSubset');
  const isOfData = path[0] === 'params' && spec.params?.trainSubset === undefined;
  const place = spec.placeOf(isOfData ? ['data', 'trainSubset'] : path);
  return trainSubset > available
    ? { kind: 'file', reason: 'subset-too-large', place, trainSubset, holdout, title, available }
    : { kind: 'file', reason: 'holdout-too-large', place, trainSubset, holdout, available };
}
