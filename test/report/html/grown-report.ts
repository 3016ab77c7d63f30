/** Reports of any size: real plans of real files, with outcomes that are made up, and say so. */
import { analyse, type Report } from '../../../src/report/analyse.js';
import type { PageInput } from '../../../src/report/html/sections/section.js';
import type { EpochRecord, TestRecord, TrialOutcome } from '../../../src/trial/outcome.js';
import {
  encodeConfusion,
  encodeMisses,
  encodeProbabilities,
  type PredictionRecord,
} from '../../../src/trial/predictions.js';
import { packBits } from '../../../src/train/pack-bits.js';
import type { Trial } from '../../../src/plan/plan.js';
import { numberOf } from '../../numbers.js';
import { planOf } from '../../spec/experiment-folder.js';

const images = 500;
const classes = 10;
const labels = Array.from({ length: images }, (_, image) => image % classes);

/** An outcome that nobody trained: accuracies that differ by cell and seed, and predictions that agree with them. */
export function madeUpOutcome({ cellIndex, seed, params }: Trial): TrialOutcome {
  const level = 0.7 + 0.2 * numberOf(cellIndex, 1) + 0.02 * numberOf(cellIndex, seed);
  const epochs = Array.from({ length: params.epochs }, (_, index): EpochRecord => {
    const learnt = 1 - 0.5 ** (index + 1);
    const valAccuracy = level * learnt;
    return {
      epoch: index + 1,
      trainLoss: 2 - learnt,
      trainAccuracy: 0.9 * learnt,
      valLoss: 2.2 - learnt,
      valAccuracy,
      seconds: 2,
    };
  });
  const predicted = labels.map((label, image) =>
    numberOf(cellIndex % 7, seed, image) < level ? label : (label + 1 + (image % (classes - 1))) % classes,
  );
  const counts = new Uint32Array(classes * classes);
  for (const [image, label] of labels.entries()) counts[label * classes + predicted[image]!]!++;
  const correct = labels.map((label, image) => Number(label === predicted[image]));
  const epoch = params.epochs;
  const test: TestRecord = {
    epoch,
    testLoss: 1,
    testAccuracy: correct.reduce((sum, one) => sum + one, 0) / images,
    images,
    correct: packBits(correct),
    imagesSha256: 'ab'.repeat(32),
  };
  const predictions = {
    labels,
    predicted,
    predictedProbabilities: labels.map((_, image) => 0.5 + 0.5 * numberOf(image, 3)),
    labelProbabilities: labels.map((_, image) => 0.4 * numberOf(image, 4)),
  };
  const prediction: PredictionRecord = {
    version: 1,
    epoch,
    part: 'test',
    images,
    classes,
    confusion: encodeConfusion(counts),
    misses: encodeMisses(predictions),
    probabilities: encodeProbabilities(predictions),
  };
  return {
    status: 'completed',
    epochs,
    tests: [test],
    predictions: [prediction],
    parameters: 221_114,
    trainSeconds: 20,
    peakBytes: 5e8,
    engine: 'tensorflow-cpu',
  };
}

/** The report of an experiment's text. @param outcomeOf null: missing */
export async function reportOf(
  text: string,
  outcomeOf: (trial: Trial) => TrialOutcome | null = madeUpOutcome,
): Promise<Report> {
  const plan = await planOf(text);
  const outcomes = plan.trials.flatMap((trial) => {
    const outcome = outcomeOf(trial);
    return outcome ? [[trial.id, outcome] as const] : [];
  });
  return analyse(plan, new Map(outcomes));
}

/** Two axes, a margin, six seeds. */
export const twoAxes = `
name: grown
description: Which dropout, at which resolution?
params: { weights: none, epochs: 8 }
matrix: { dropout: [0, 0.2, 0.5], resolution: [14, 28] }
seeds: [1, 2, 3, 4, 5, 6]
data: { trainSubset: 1000, validation: { holdout: 1000 } }
metric: { name: valAccuracy, goal: maximize, select: last }
compare: { baseline: { dropout: 0 }, margin: 0.01 }
`;

/** Cells times seeds trials of twenty epochs. */
export const manyCells = (cells: number, seeds: number): string => `
name: many
params: { weights: none, epochs: 20 }
matrix: { dropout: { start: 0, stop: ${(cells / 2 - 1) / 1000}, step: 0.001 }, resolution: [14, 28] }
seeds: { base: 1, count: ${seeds} }
data: { trainSubset: 1000, validation: { holdout: 1000 } }
metric: { name: valAccuracy, goal: maximize, select: last }
compare: { baseline: { dropout: 0 } }
`;

/** A grey square of one pixel. */
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';

/** All that a page is made of, with a picture of nothing. */
export const inputOf = (report: Report, changes: Partial<PageInput> = {}): PageInput => ({
  report,
  environment: { runner: '0.1.0', cpu: 'a processor' },
  pictures: {
    imageOf: ({ image }) => ({ source: pixel, label: image % 10 }),
    augmentations: [{ name: 'flip', sources: [pixel, pixel] }],
  },
  dataNotes: ['3 images of test are also in train'],
  files: [{ path: 'grown.yaml', text: twoAxes }],
  running: null,
  ...changes,
});
