import type { AxisValue, Metric, Trial } from '../plan/plan.js';

/** What a saved model says of itself, in its own file and in every other format. All of it is JSON. */
export interface ModelCard {
  readonly version: 1;
  /** Name and version of the program that saved it. */
  readonly program: string;
  /** Of the experiment. */
  readonly name: string;
  readonly description: string;
  /** The experiment in YAML, with what it extends and each `--set`. */
  readonly experiment: string;
  /** Of the trial's cell. */
  readonly axes: Readonly<Record<string, AxisValue>>;
  readonly trial: Trial;
  /** Whose weights these are, from 1. */
  readonly epoch: number;
  /** What that epoch measured on the validation images, and its cell over all seeds. */
  readonly metric: Metric & { readonly value: number; readonly cellMean: number; readonly cellSeeds: number };
  /** The same on the test images, where they are others and were looked at. */
  readonly test: number | null;
  /** Numbers in the network. */
  readonly parameters: number;
  /** Names in the order of the probabilities. */
  readonly classes: readonly string[];
  readonly input: ModelInput;
}

/** How an image becomes what the network sees. */
export interface ModelInput {
  /** Pixels of the square that every image becomes first. */
  readonly side: number;
  readonly channels: 1 | 3;
  /** How an image that is no square becomes one. */
  readonly fit: 'crop' | 'stretch' | 'pad';
  /** The grey value, 0 to 255, that shines through what is transparent, and beside a padded image. */
  readonly background: number;
  /** Pixels of the square that the network sees; the model resizes to it, bilinearly, antialiased where it shrinks. */
  readonly resolution: number;
  /** Of each channel, of pixels from 0 to 1: the mean is taken off, then it is divided by the deviation. Null: nothing of it. */
  readonly normalization: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | null;
  /** The probabilities are the mean of those of the image and its mirror image. */
  readonly isMirrored: boolean;
}
