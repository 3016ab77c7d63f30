import {
  decodeConfusion,
  decodeMisses,
  decodeProbabilities,
  type Miss,
  type PredictionRecord,
} from '../../../trial/predictions.js';
import type { Cell } from '../../../plan/plan.js';
import type { Report } from '../../analyse.js';
import { mean } from '../../statistics/statistics.js';
import type { TrialResult } from '../../statistics/trial-results.js';
import type { JudgedImage } from './pictures.js';

/** What the selected epoch of a trial made of the images that judge it. */
export interface JudgedTrial {
  readonly seed: number;
  readonly record: PredictionRecord;
  /** 1 bit per image, the lowest of a byte first. */
  readonly correct: Buffer;
}

/** A cell's trials that kept what their images were taken for. */
export interface JudgedCell {
  readonly cell: Cell;
  readonly trials: readonly JudgedTrial[];
}

/** The cells that have such trials, the best first. Trials of earlier versions kept none. */
export function judgedCells({ leaderboard, results }: Report): JudgedCell[] {
  const trials = new Map<number, JudgedTrial[]>();
  for (const result of results) {
    const judged = judgedTrial(result);
    if (!judged) continue;
    const there = trials.get(result.trial.cellIndex);
    if (there) there.push(judged);
    else trials.set(result.trial.cellIndex, [judged]);
  }
  return leaderboard.flatMap(({ cell }) => {
    const own = trials.get(cell.index);
    return own ? [{ cell, trials: own }] : [];
  });
}

function judgedTrial({ trial, outcome, selected, test }: TrialResult): JudgedTrial | null {
  if (outcome.status !== 'completed' || !selected) return null;
  const record = outcome.predictions?.find(({ version, epoch }) => version === 1 && epoch === selected.epoch);
  const correct = record?.part === 'test' ? test?.correct : record?.correct;
  if (!record || correct === undefined) return null;
  return { seed: trial.seed, record, correct: Buffer.from(correct, 'base64') };
}

/** Counts [K × K] over all seeds of a cell: row by row the images of a class, by the class predicted. */
export function countsOf({ trials }: JudgedCell): Float64Array {
  const all = trials.map(({ record }) => decodeConfusion(record));
  return Float64Array.from(all[0]!, (_, index) => all.reduce((sum, counts) => sum + counts[index]!, 0));
}

/** What a cell made of one image. */
export interface CellOnImage {
  readonly cell: Cell;
  readonly seeds: number;
  /** How many of them got it right. */
  readonly right: number;
  /** What the others took it for, where that was kept. */
  readonly misses: readonly Miss[];
  /** Of the right class, the mean over all seeds, right or wrong; null where it was not kept. */
  readonly labelProbability: number | null;
}

export interface ImageStory {
  readonly image: JudgedImage;
  readonly cells: readonly CellOnImage[];
}

/** More cells than this are too many below one picture. */
const mostCells = 6;

/** The images that the best cells disagree on most: those where one cell's seeds get it right and another's do not. */
export function disagreements(judged: readonly JudgedCell[], most: number): ImageStory[] {
  const cells = comparable(judged).slice(0, mostCells);
  if (cells.length < 2) return [];
  const images = cells[0]!.trials[0]!.record.images;
  const ranked = Array.from({ length: images }, (_, image) => {
    const shares = cells.map(({ trials }) => rightOf(trials, image) / trials.length);
    return { image, gap: Math.max(...shares) - Math.min(...shares) };
  })
    .filter(({ gap }) => gap > 0)
    .sort((a, b) => b.gap - a.gap || a.image - b.image);
  return ranked.slice(0, most).map(({ image }) => storyOf(cells, image));
}

/** The images that most seeds of the best cell get wrong, the surest first. */
export function mistakes(judged: readonly JudgedCell[], most: number): ImageStory[] {
  const [best] = judged;
  if (!best) return [];
  const found = new Map<number, number>();
  for (const { record } of best.trials)
    for (const { image, predictedProbability } of decodeMisses(record))
      found.set(image, (found.get(image) ?? 0) + predictedProbability);
  return [...found]
    .sort(([a, sureA], [b, sureB]) => sureB - sureA || a - b)
    .slice(0, most)
    .map(([image]) => storyOf([best], image));
}

/** Those that were judged on the same images as the first. */
function comparable(judged: readonly JudgedCell[]): readonly JudgedCell[] {
  const [first] = judged;
  if (!first) return [];
  const isSame = ({ cell, trials }: JudgedCell) =>
    cell.params.dataset === first.cell.params.dataset &&
    trials[0]!.record.part === first.trials[0]!.record.part &&
    trials[0]!.record.images === first.trials[0]!.record.images;
  return judged.filter(isSame);
}

function storyOf(cells: readonly JudgedCell[], image: number): ImageStory {
  const { cell, trials } = cells[0]!;
  return {
    image: { dataset: cell.params.dataset, part: trials[0]!.record.part, image },
    cells: cells.map((one) => ({
      cell: one.cell,
      seeds: one.trials.length,
      right: rightOf(one.trials, image),
      misses: one.trials.flatMap(({ record }) => detailsOf(record).misses.get(image) ?? []),
      labelProbability: meanProbability(one.trials, image),
    })),
  };
}

/** Of the right class; null where one of the trials has not kept it. */
function meanProbability(trials: readonly JudgedTrial[], image: number): number | null {
  const kept = trials.flatMap(({ record }) => detailsOf(record).probabilities?.[image] ?? []);
  return kept.length < trials.length ? null : mean(kept);
}

const rightOf = (trials: readonly JudgedTrial[], image: number): number =>
  trials.reduce((sum, { correct }) => sum + ((correct[image >> 3]! >> (image & 7)) & 1), 0);

interface Details {
  readonly misses: ReadonlyMap<number, Miss>;
  readonly probabilities: Float32Array | null;
}

const decoded = new WeakMap<PredictionRecord, Details>();

function detailsOf(record: PredictionRecord): Details {
  let details = decoded.get(record);
  if (!details) {
    const misses = new Map(decodeMisses(record).map((miss) => [miss.image, miss]));
    details = { misses, probabilities: decodeProbabilities(record) };
    decoded.set(record, details);
  }
  return details;
}

/** So many pictures of each kind are shown. */
const mostPictures = 24;

/** The images that the page of a report shows. */
export function shownImages(report: Report): {
  readonly disagreed: readonly ImageStory[];
  readonly wrong: readonly ImageStory[];
} {
  const judged = judgedCells(report);
  return { disagreed: disagreements(judged, mostPictures), wrong: mistakes(judged, mostPictures) };
}
