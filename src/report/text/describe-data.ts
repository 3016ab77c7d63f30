import { count } from '../../diagnostics/count.js';
import type { Plan, PlannedDataset, Validation } from '../../plan/plan.js';
import { describeDuration } from './describe-duration.js';

/** A data set of a plan. */
export interface DataSummary extends PlannedDataset {
  /** Training images of each class; null where they are not counted before training. */
  readonly classCounts: readonly number[] | null;
  /** Null: of a known data set. */
  readonly channels: number | null;
  /** What its cells validate on. */
  readonly validations: readonly Validation[];
  /** What one should know of it, a sentence each. */
  readonly notes: readonly string[];
  /** Sizes at which its images are decoded. */
  readonly packs: readonly {
    /** Pixels. */
    readonly side: number;
    readonly images: number;
    readonly bytes: number;
    /** To decode it, on all cores. */
    readonly seconds: number;
    /** A trial on all training images reads them from the file, batch by batch; else it has them in memory. */
    readonly isReadByBatch: boolean;
    readonly isThere: boolean;
  }[];
}

/** Below so many validation images, the step from one accuracy to the next is told. */
const manyImages = 1000;

/** The data sets of a plan, a line each, and what one should know of them. */
export function describeData(summaries: readonly DataSummary[], plan: Pick<Plan, 'metric'>): string[] {
  return summaries.flatMap((summary) => [
    `data:  ${describeImages(summary)}`,
    ...[...summary.notes, ...describeNumbers(summary, plan), ...describePacks(summary)].map(
      (note) => `note:  ${summaries.length > 1 ? `${summary.title}: ` : ''}${note}`,
    ),
  ]);
}

function describeImages({ title, classes, classCounts, channels, images, validations }: DataSummary): string {
  const counts = classCounts
    ? ` (${classes[0]} ${classCounts[0]}${classes.length > 2 ? ' … ' : ', '}${classes.at(-1)} ${classCounts.at(-1)})`
    : '';
  const depth = channels === null ? '' : `, ${count(channels, 'channel')}`;
  const parts = [
    `${images.train} to train`,
    ...(images.val === null ? [] : [`${images.val} to validate`]),
    ...(images.test === null ? [] : [`${images.test} to test`]),
  ];
  const held = validations.map((validation) =>
    typeof validation === 'string'
      ? `validated on the images ${validation === 'test' ? 'for testing' : 'for validation'}`
      : `${count(validation.holdout, 'image')} of training held out to validate`,
  );
  return `${title}: ${parts.join(', ')}, ${classes.length} classes${counts}${depth}; ${held.join('; ')}`;
}

/** What the numbers of images mean for the figures. */
function describeNumbers({ images, validations }: DataSummary, { metric }: Pick<Plan, 'metric'>): string[] {
  const validating = validations.map((validation) =>
    typeof validation === 'string' ? images[validation]! : validation.holdout,
  );
  const few = Math.min(...validating);
  return [
    ...(few < manyImages
      ? [`${count(few, 'validation image')}: one image is ${(100 / few).toPrecision(2)} points of accuracy`]
      : []),
    ...(images.test === null
      ? [
          metric.select === 'best'
            ? 'there are no test images: all figures are of the validation images, which also choose the epoch, so they are somewhat too good'
            : 'there are no test images: all figures are of the validation images',
        ]
      : []),
  ];
}

function describePacks({ packs }: DataSummary): string[] {
  return packs
    .filter(({ isThere }) => !isThere)
    .map(
      ({ side, images, bytes, seconds, isReadByBatch }) =>
        `${count(images, 'image')} will be decoded at ${side} pixels, once: ${describeBytes(bytes)} in the cache${seconds < 1 ? '' : `, about ${describeDuration(seconds)}`}; ${isReadByBatch ? 'a trial on all of them reads them batch by batch' : 'a trial has its part of them in memory'}`,
    );
}

const describeBytes = (bytes: number): string =>
  bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
