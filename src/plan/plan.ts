/** One augmentation with every field resolved. Probabilities are per image; areas are fractions of the image. */
export type Augmentation =
  | { readonly name: 'horizontalFlip'; readonly probability: number }
  | {
      readonly name: 'randomMask';
      readonly probability: number;
      readonly area: readonly [number, number];
      readonly aspectRatio: readonly [number, number];
      /** Value written into the masked pixels, on the 0 to 1 scale of the normalised image. */
      readonly fill: number;
    }
  /** Padding in fractions of the image's side. */
  | { readonly name: 'randomCrop'; readonly padding: number; readonly fill: number }
  | { readonly name: 'randomBrightness'; readonly delta: number }
  | { readonly name: 'randomContrast'; readonly delta: number }
  /** Size in fractions of the image's side. */
  | { readonly name: 'cutout'; readonly probability: number; readonly size: number; readonly fill: number }
  | { readonly name: 'mixup'; readonly alpha: number };

export type Optimizer =
  | { readonly name: 'adam' | 'rmsprop'; readonly learningRate: number }
  | { readonly name: 'adamw'; readonly learningRate: number; readonly weightDecay: number }
  | { readonly name: 'sgd'; readonly learningRate: number; readonly momentum: number };

/** Course of the learning rate. */
export type Schedule =
  | { readonly name: 'constant' | 'cosine'; readonly warmupEpochs: number }
  | {
      readonly name: 'step';
      readonly warmupEpochs: number;
      readonly everyEpochs: number;
      readonly factor: number;
    };

export type Normalization = 'unit' | 'symmetric' | 'standardized';

/** Patience in epochs, 0 for never; minDelta in nats. */
export interface EarlyStopping {
  readonly patience: number;
  readonly minDelta: number;
}

export type Weights = 'imagenet' | 'none';

/** Where validation images come from: the test set, or the last `holdout` images of the training set. */
export type Validation = 'test' | { readonly holdout: number };

/** All parameters of one training run, resolved: nothing is optional here. */
export interface TrialParams {
  readonly alpha: number;
  readonly weights: Weights;
  /** 0: none; n: the first convolution and the first n of the 13 blocks. */
  readonly frozenBlocks: number;
  /** Side of the square input, pixels. */
  readonly resolution: number;
  readonly normalization: Normalization;
  /** Training images used: the first `trainSubset` of what validation leaves. */
  readonly trainSubset: number;
  readonly dropout: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly labelSmoothing: number;
  readonly earlyStopping: EarlyStopping;
  readonly augmentation: readonly Augmentation[];
  readonly testTimeFlip: boolean;
}

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

export interface Metric {
  readonly name: 'valAccuracy' | 'valLoss';
  readonly goal: 'maximize' | 'minimize';
  /** `best`: the best epoch of each trial; `last`: its last epoch. */
  readonly select: 'best' | 'last';
}

/** A cell and the one that it is compared with, over the seeds that both have. Indices into `Plan.cells`. */
export interface Comparison {
  readonly cell: number;
  readonly baseline: number;
  /** The axes in which the two differ. */
  readonly differs: readonly string[];
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
  readonly seeds: number;
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
  readonly metric: Metric;
  readonly arithmetic: Arithmetic;
  /** Each cell with its baseline; empty without `compare`. A cell that is in none has no baseline. */
  readonly comparisons: readonly Comparison[];
  readonly budget: Budget;
  /** How often a failed trial is started again in one run. */
  readonly maxRetries: number;
  readonly maxConcurrentTrials: number | 'auto';
  /** Epochs between two checkpoints of a trial; 0: none. */
  readonly checkpointEveryEpochs: number;
}
