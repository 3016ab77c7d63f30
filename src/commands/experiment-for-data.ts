import { imbalance } from '../data/own/notes.js';
import { partNames, type OwnDataset } from '../data/own/own-dataset.js';
import { count } from '../diagnostics/count.js';
import { printable } from '../diagnostics/code-frame.js';
import { displayWidth, shortenTo } from '../diagnostics/display-width.js';
import { resolveData } from '../params/resolve-params.js';
import type { Validation } from '../plan/plan.js';
import { countLabels } from '../params/count-labels.js';
import type { FoundImages } from './look-at-data.js';

export interface ExperimentPlaces {
  /** Of the data, as seen from the experiment's folder. */
  readonly path: string;
  /** Of the JSON schema, likewise. */
  readonly schema: string;
}

/** Sides to which images are resized, pixels. The smallest is the one that the program's own data set has. */
const resolutions = [28, 32, 48, 64, 96, 128] as const;
/** Images that are all squares of one side up to this are not resized. */
const largestKeptSide = 64;
/** Steps of a trial at least: with fewer, batch norm's averages have hardly settled, and a network stays at chance. */
const leastSteps = 1500;
/** Training images from which a first answer takes a part of them. */
const manyImages = 20_000;
const usualBatch = 32;
const shownClasses = 20;
const commentWidth = 100;

/**
 * A commented experiment for images that were found: does a flip help?
 * @param share of the training images that validates, where there is no folder for that
 */
export function experimentForData(found: FoundImages, places: ExperimentPlaces, share: number): string {
  const { dataset } = found;
  const { name, classes, val, test } = dataset;
  const { validation } = resolveData(val ? {} : { validation: { holdout: share } }, dataset);
  const training = dataset.train.count - (typeof validation === 'string' ? 0 : validation.holdout);
  const trained = Math.min(training, manyImages);
  const batchSize = batchFor(trained);
  const steps = Math.ceil(trained / batchSize);
  const epochs = Math.ceil(leastSteps / steps);
  const counts = countLabels(dataset.train.labels!, classes.length);
  const isEven = Math.max(...counts) < imbalance * Math.min(...counts);
  const metric = isEven ? 'valAccuracy' : 'valBalancedAccuracy';
  return `# yaml-language-server: $schema=${places.schema}
#
# Question: does a random horizontal flip help on these images?
${describeFound(found, places.path).join('\n')}
name: ${quote(name)} # results go to results/${name}
description: Does a random horizontal flip help a small MobileNet on ${name}?

datasets:
  ${quote(name)}: { ${describeEntry(found, places.path)} } # a path is relative to this file

params: # fixed values; everything else has a default that the schema documents
  dataset: ${quote(name)}
  alpha: 0.25 # MobileNet's width multiplier
  weights: none # or imagenet: better where images are few, and needs a download the first time
  ${describeResolution(dataset)}
  epochs: ${epochs} # of ${count(steps, 'step')}: ${epochs * steps} in all, the least from random weights; more are better
  batchSize: ${batchSize}${batchSize < usualBatch ? ' # small, for there are few images' : ''}
  optimizer: { name: adam, learningRate: 7e-3 }
  schedule: { name: cosine }
${isEven ? '' : '  # classWeights: balanced # gives each class the same weight in the loss\n'}
augmentations: # named lists; none is built in
  flip: [{ horizontalFlip: { probability: 0.5 } }] # of no use where a mirror image is another thing, as of text

matrix: # every combination of these; add another axis, such as dropout: [0, 0.5]
  augmentation: [none, flip]

seeds: { count: 6 } # one comparison needs six; { until: decided } in its place adds seeds until there is an answer

${describeSplit(dataset, validation, share, trained, training)}

${
  test
    ? `metric: { name: ${metric}, select: best } # by the validation images; \`compare\` judges on the test images`
    : `metric: { name: ${metric}, select: last } # the images that judge choose no epoch: there is no test folder`
}${isEven ? '' : '\n# valBalancedAccuracy is the mean of the accuracies of the classes: a rare one counts as much as any'}

compare:
  baseline: { augmentation: none } # flip against none
  # margin: 0.01 # a difference that matters: one point; smaller ones are called equivalent

budget: { maxTrials: 50 } # refuse a larger plan
`;
}

/** At least four steps an epoch, where that leaves two images in each. */
function batchFor(images: number): number {
  return Math.min(usualBatch, Math.max(2, 2 ** Math.floor(Math.log2(images / 4))));
}

/** The line of `resolution`, and for images that are not square one more. */
function describeResolution({ side, parts }: OwnDataset): string {
  if (side !== null && side <= largestKeptSide)
    return side < resolutions[0]
      ? `resolution: ${resolutions[0]} # pixels; the images have ${side}`
      : `resolution: ${side} # pixels, as the images have them`;
  const short = median(parts.train!.map(({ width, height }) => Math.min(width, height)));
  const resolution = resolutions.findLast((one) => one <= short) ?? resolutions[0];
  const line = `resolution: ${resolution} # pixels; the short side of the images has ${short} (median), and more pixels take longer`;
  return side === null
    ? `${line}\n  fit: crop # the centre square of each image; pad or stretch keep what is beside it`
    : line;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;

function describeSplit(
  { train, val, test }: OwnDataset,
  validation: Validation,
  share: number,
  trained: number,
  training: number,
): string {
  const judges = test ? `; the test images judge, once` : `; without test images, they judge as well`;
  const validates =
    typeof validation === 'string'
      ? `  validation: val # ${count(val!.count, 'image')}${judges}`
      : `  validation: { holdout: ${share} } # ${validation.holdout} of ${count(train.count, 'training image')}${judges}`;
  const subset = `  trainSubset: ${trained} # of ${training}, for a first answer; without this line, all of them are used\n`;
  return `data:\n${trained < training ? subset : ''}${validates}`;
}

function describeEntry({ kind, fields }: FoundImages, path: string): string {
  return Object.entries({ [kind]: path, ...fields })
    .map(([field, value]) => `${field}: ${typeof value === 'string' ? quote(value) : JSON.stringify(value)}`)
    .join(', ');
}

/** As YAML has it: in quotes, where it might be taken for something else. */
function quote(text: string): string {
  const isPlain = /^[\p{L}_./][\p{L}\p{N}_./ -]*(?<! )$/u.test(text);
  const isWord = /^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain && !isWord ? text : JSON.stringify(text);
}

/** What is there, as comments. */
function describeFound({ dataset, kind }: FoundImages, path: string): string[] {
  const { classes, decoding, parts, notes } = dataset;
  const there = partNames.filter((part) => parts[part]);
  const total = there.reduce((sum, part) => sum + parts[part]!.length, 0);
  const counts = there.map((part) => countLabels(dataset[part]!.labels!, classes.length));
  const shown = classes.slice(0, classes.length > shownClasses ? shownClasses - 1 : shownClasses);
  const labels = ['class', ...shown].map((label) => shortenTo(40, printable(label)));
  const widest = Math.max(...labels.map(displayWidth));
  const rows = labels.map((label, index) => {
    const numbers = counts.map((ofPart, part) =>
      String(index === 0 ? there[part]! : ofPart[index - 1]!).padStart(7),
    );
    return `${label}${' '.repeat(widest - displayWidth(label))}${numbers.join('')}`;
  });
  const left = classes.length - shown.length;
  const source = { folder: '', idx: ' (IDX files)', csv: ' (a list)' }[kind];
  const lines = [
    ...wrap(
      `Found: ${count(total, 'image')} of ${classes.length} classes in ${path}${source}, ${decoding.channels === 1 ? 'grey' : 'in colour'}, ${describeSizes(dataset)}`,
    ),
    ...rows.map((row) => `  ${row}`),
    ...(left > 0 ? [`  and ${left} more classes`] : []),
    ...notes.flatMap((note) => wrap(`Note: ${note}`)),
  ];
  return lines.map((line) => `# ${line}`);
}

function describeSizes({ side, parts }: OwnDataset): string {
  if (side !== null) return `${side}×${side} pixels each`;
  const images = partNames.flatMap((part) => parts[part] ?? []);
  const sorted = images.toSorted((a, b) => a.width * a.height - b.width * b.height);
  const [smallest, largest] = [sorted[0]!, sorted.at(-1)!].map(({ width, height }) => `${width}×${height}`);
  return smallest === largest ? `${smallest} pixels` : `${smallest} to ${largest} pixels`;
}

/** Lines of a comment, broken at spaces. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of printable(text).split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && displayWidth(longer) <= commentWidth) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines.map((line, index) => (index === 0 ? line : `  ${line}`));
}
