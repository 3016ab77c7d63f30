import type { TrialParams } from '../params/parameter.js';

export type { Augmentation } from '../augmentations/augmentation.js';
export type { EarlyStopping } from '../params/definitions/early-stopping.js';
export type { Optimizer } from '../params/definitions/optimizer.js';
export type { Schedule } from '../params/definitions/schedule.js';
export type { TrialParams } from '../params/parameter.js';

/** Where validation images come from: the test images, those for validation, or the last `holdout` training images. */
export type Validation = 'test' | 'val' | { readonly holdout: number };

export interface TrialData {
  readonly validation: Validation;
}

export type AxisValue = string | number | boolean;

/** A combination of parameters, without the seed. */
export interface Cell {
  readonly index: number;
  /**
   * Value of each axis of the plan; an object value is shown as its JSON. An axis that does not exist in this
   * cell (its `when` does not hold) is not in it.
   */
  readonly axes: Readonly<Record<string, AxisValue>>;
  readonly params: TrialParams;
  readonly data: TrialData;
}

/** A data set of a plan's cells. */
export interface PlannedDataset {
  /** As `params.dataset` has it. */
  readonly name: string;
  readonly title: string;
  readonly sha256: string;
  readonly classes: readonly string[];
  /** Numbers of images; null where it has no such part. */
  readonly images: { readonly train: number; readonly val: number | null; readonly test: number | null };
}

/** What changes a trial's result beside its parameters, data and seed. Part of its id. */
export interface TrialContext {
  readonly trainerVersion: number;
  /** SHA-256 of the data's files, hexadecimal. */
  readonly dataSha256: string;
  /** SHA-256 of the pretrained weights' file, hexadecimal; null where training starts from random weights. */
  readonly weightsSha256: string | null;
  readonly engineFamily: string;
}

/** One training run: a cell and a seed. */
export interface Trial {
  /** SHA-256 (hexadecimal) over the canonical JSON of everything that changes the result. */
  readonly id: string;
  readonly cellIndex: number;
  /** For people, such as `augmentation=flip resolution=56 seed=2017`. */
  readonly label: string;
  readonly seed: number;
  readonly params: TrialParams;
  readonly data: TrialData;
  readonly context: TrialContext;
}

export type MetricName = 'valAccuracy' | 'valLoss' | 'valBalancedAccuracy' | 'valMacroF1' | 'valTop5';

export interface Metric {
  readonly name: MetricName;
  readonly goal: 'maximize' | 'minimize';
  /** `best`: the best epoch of each trial; `last`: its last epoch. */
  readonly select: 'best' | 'last';
}

/** Which trained models are kept: of the best cell one, every trial's too, or none. */
export type SavedModels = 'best' | 'all' | 'none';

/** A cell and the one that it is compared with, over the seeds that both have. Indices into `Plan.cells`. */
export interface Comparison {
  readonly cell: number;
  readonly baseline: number;
  /** The axes in which the two differ. */
  readonly differs: readonly string[];
}

/** How the verdicts on comparisons come about. */
export interface Judging {
  /** `anytime`: valid at any look, after any number of seeds. `fixed`: at one look, when the plan's last seed is in. */
  readonly stopping: 'anytime' | 'fixed';
  /** Differences smaller than this do not matter, in the metric's unit; null where the file does not say. */
  readonly margin: number | null;
}

/** Limits on a run; null where there is none. */
export interface Budget {
  readonly maxTrials: number | null;
  readonly maxDurationSeconds: number | null;
  readonly trialTimeoutSeconds: number | null;
  /** A trial without any sign of progress for so long is ended. */
  readonly stallTimeoutSeconds: number;
  readonly maxFailedTrials: number | null;
}

/** How a plan's trials come about; `describeArithmetic` writes it as a sum. */
export interface Arithmetic {
  readonly grids: readonly {
    /** `baseline`: each factor's values alone from it; else every combination. */
    readonly mode: 'product' | 'oneAtATime';
    /** A conditional axis exists in some of the cells only. */
    readonly factors: readonly {
      readonly name: string;
      readonly count: number;
      readonly conditional: boolean;
    }[];
  }[];
  /** Cells of all grids together, before the rules; null where they were too many to be built. */
  readonly gridCells: number | null;
  /** Cells that each rule of `exclude` removed: those that no rule before it had. */
  readonly excluded: readonly { readonly rule: string; readonly cells: number }[];
  readonly included: number;
  /** Cells that train the same as one before them. */
  readonly identical: number;
  /** Cells that each of the `overrides` changed. */
  readonly overridden: readonly { readonly rule: string; readonly cells: number }[];
  readonly cells: number;
  /** Of each cell at least: fewer than `seeds` in a running design only. */
  readonly fewestSeeds: number;
  readonly seeds: number;
  /** At most. */
  readonly trials: number;
}

export interface Plan {
  readonly name: string;
  readonly description: string;
  /** The columns that tell the cells apart: each axis, the parameters of each zip group, `variant`. */
  readonly axes: readonly { readonly name: string; readonly values: readonly AxisValue[] }[];
  readonly cells: readonly Cell[];
  /** In the order of running: interleaved, or cell by cell. */
  readonly trials: readonly Trial[];
  readonly seeds: readonly number[];
  /** Of the cells, in the order of their first. */
  readonly datasets: readonly PlannedDataset[];
  /**
   * A running design: each cell has the first `min` of the seeds, and one more at a time while one of its comparisons is
   * open. Null where every cell has every seed.
   */
  readonly untilDecided: { readonly min: number } | null;
  readonly metric: Metric;
  readonly arithmetic: Arithmetic;
  /** Each cell with its baseline; empty without `compare`. A cell that is in none has no baseline. */
  readonly comparisons: readonly Comparison[];
  readonly judging: Judging;
  readonly budget: Budget;
  /** How often a failed trial is started again in one run. */
  readonly maxRetries: number;
  readonly maxConcurrentTrials: number | 'auto';
  /** Epochs between two checkpoints of a trial; 0: none. */
  readonly checkpointEveryEpochs: number;
  readonly saveModels: SavedModels;
}
