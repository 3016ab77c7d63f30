import type { DatasetFacts } from '../data/dataset.js';
import { count } from '../diagnostics/count.js';
import type { PlacedFileProblem } from '../diagnostics/file-problem.js';
import { countLabels } from '../params/count-labels.js';
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
  if (spec.metric?.name === 'valTop5' && dataset.classes.length <= 5)
    problems.push({
      kind: 'file',
      reason: 'too-few-classes',
      place: spec.placeOf(['metric', 'name']),
      title: dataset.title,
      classes: dataset.classes.length,
    });
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

/** Whether the data set has the images that are asked for. */
function checkSplit(
  trainSubset: number,
  { validation }: TrialData,
  dataset: DatasetFacts,
  spec: ExperimentSpec,
  pathOf: ParamPath,
): PlacedFileProblem | null {
  const { title, train } = dataset;
  const available = train.count;
  const ofValidation = spec.placeOf(['data', 'validation']);
  if (typeof validation === 'string' && dataset[validation] === null)
    return {
      kind: 'file',
      reason: 'no-such-split',
      place: ofValidation,
      title,
      split: validation,
      there: listParts(dataset),
    };
  const holdout = typeof validation === 'string' ? 0 : validation.holdout;
  const ofHoldout = spec.placeOf(['data', 'validation', 'holdout']);
  if (holdout >= available)
    return { kind: 'file', reason: 'nothing-to-train-on', place: ofHoldout, holdout, title, available };
  if (trainSubset + holdout > available) {
    const path = pathOf('trainSubset');
    const isOfData = path[0] === 'params' && spec.params?.trainSubset === undefined;
    const place = spec.placeOf(isOfData ? ['data', 'trainSubset'] : path);
    return trainSubset > available
      ? { kind: 'file', reason: 'subset-too-large', place, trainSubset, holdout, title, available }
      : { kind: 'file', reason: 'holdout-too-large', place, trainSubset, holdout, available };
  }
  const unparted = holdout === 0 ? null : findUnparted(dataset, holdout);
  return unparted && { kind: 'file', reason: 'class-not-parted', place: ofHoldout, title, ...unparted };
}

/** A class that a holdout leaves without an image to train on, or to validate with; null where there is none. */
function findUnparted({ classes, train: { labels, count } }: DatasetFacts, holdout: number) {
  if (!labels) return null;
  const trained = countLabels(labels.subarray(0, count - holdout), classes.length);
  const validated = countLabels(labels.subarray(count - holdout), classes.length);
  const label = classes.findIndex((_, index) => trained[index] === 0 || validated[index] === 0);
  if (label === -1) return null;
  const lacks = trained[label] === 0 ? ('training' as const) : ('validation' as const);
  return { name: classes[label]!, images: trained[label]! + validated[label]!, lacks };
}

/** For people: `train (3670 images)`. */
function listParts({ train, val, test }: DatasetFacts): string[] {
  return Object.entries({ train, val, test }).flatMap(([name, part]) =>
    part ? [`${name} (${count(part.count, 'image')})`] : [],
  );
}
