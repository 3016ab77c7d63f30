import { count } from '../../diagnostics/count.js';
import { displayWidth, shortenTo } from '../../diagnostics/display-width.js';
import type { TrialProgress } from '../../trial/trial-protocol.js';
import { describeDuration } from '../text/describe-duration.js';
import type { Totals } from './totals.js';

/** A trial that runs; `progress` is null until its process reports. */
export interface RunningTrial {
  readonly label: string;
  readonly epochs: number;
  readonly progress: TrialProgress | null;
  /** In place of the progress, such as `starting`. */
  readonly state: string;
}

/** What a trial has done, from 0 to 1. */
export function shareDone({ epochs, progress }: RunningTrial): number {
  return progress === null ? 0 : (progress.epoch - 1 + progress.step / progress.stepsPerEpoch) / epochs;
}

/** What several have done, in trials' worth of work. */
export const workOf = (running: readonly RunningTrial[]): number =>
  running.reduce((sum, trial) => sum + shareDone(trial), 0);

/** From 0 to 1, in so many cells. It is full only where all is done. */
export function progressBar(share: number, cells: number): string {
  const full = Math.floor(Math.min(1, Math.max(0, share)) * cells);
  return '█'.repeat(full) + '░'.repeat(cells - full);
}

/** All bars of a board are of one length, so that they stand below each other and keep still. */
const barCells = (width: number): number => Math.min(20, Math.max(6, Math.floor(width / 6)));

/**
 * The bar of all trials, with their counts, on one line of at most `width` cells.
 * @param seconds that are left; null: nothing is said of them
 */
export function totalsLine(
  totals: Totals,
  running: readonly RunningTrial[],
  width: number,
  seconds: number | null = totals.secondsLeft(workOf(running)),
): string {
  const { ended, trials, more, failed, diverged } = totals;
  const begun = workOf(running);
  const left = seconds === null ? '' : describeDuration(seconds);
  return withBar((ended + begun) / trials, width, [
    join(
      `${ended}/${count(trials, 'trial')}`,
      more > 0 && `at most ${more} more`,
      failed > 0 && `${failed} failed`,
      diverged > 0 && `${diverged} diverged`,
      left && `about ${left} left`,
    ),
    join(
      `${ended}/${trials}`,
      failed > 0 && `${failed} failed`,
      diverged > 0 && `${diverged} diverged`,
      left && `${left} left`,
    ),
    join(`${ended}/${trials}`, failed > 0 && `✖ ${failed}`, diverged > 0 && `⚠ ${diverged}`, left),
    join(`${ended}/${trials}`, failed > 0 && `✖ ${failed}`, diverged > 0 && `⚠ ${diverged}`),
    `${ended}/${trials}`,
  ]);
}

/** Cells in which an epoch, a loss, an accuracy and a time are written out. */
const figuresCells = 58;

/** A running trial's bar, label and figures: on one line where there is room, else on two of at most `width` cells. */
export function trialLines(trial: RunningTrial, width: number): readonly string[] {
  const share = shareDone(trial);
  const figures = describeFigures(trial);
  const room = width - barCells(width) - 1 - displayWidth(trial.label) - 3;
  if (room < figuresCells) return [shortenTo(width, trial.label), withBar(share, width, figures)];
  return [
    withBar(
      share,
      width,
      figures.map((text) => `${trial.label} · ${text}`),
    ),
  ];
}

/** From the longest to the shortest. */
function describeFigures({ epochs, progress, state }: RunningTrial): string[] {
  if (progress === null) return [state];
  const { epoch, step, stepsPerEpoch, loss, accuracy, secondsLeft } = progress;
  const left = secondsLeft === null ? '' : describeDuration(secondsLeft);
  const figures = (digits: number, accuracyName: string) => [
    loss !== null && `loss ${loss.toFixed(digits)}`,
    accuracy !== null && `${accuracyName} ${accuracy.toFixed(digits)}`,
  ];
  const place = `${epoch}/${epochs}`;
  return [
    join(
      `epoch ${place}`,
      `step ${step}/${stepsPerEpoch}`,
      ...figures(4, 'accuracy'),
      left && `${left} left`,
    ),
    join(`epoch ${place}`, ...figures(4, 'accuracy'), left && `${left} left`),
    join(place, ...figures(2, 'acc'), left && `${left} left`),
    join(place, ...figures(2, 'acc'), left).replaceAll(' · ', ' '),
    join(place, figures(2, 'acc')[1]!, left).replaceAll(' · ', ' '),
    place,
  ];
}

/** A bar, and behind it the first of the texts that fits. */
function withBar(share: number, width: number, texts: readonly string[]): string {
  const cells = barCells(width);
  const text = texts.find((longest) => cells + 1 + displayWidth(longest) <= width) ?? texts.at(-1)!;
  return shortenTo(width, `${progressBar(share, cells)} ${text}`);
}

function join(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false && part !== '').join(' · ');
}
