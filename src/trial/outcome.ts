import type { Trial } from '../plan/plan.js';

/** What a trial measured in one epoch. Losses in nats, accuracies as fractions. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Mean over the epoch's batches, dropout and augmentation applied, as Keras reports it. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly valLoss: number;
  readonly valAccuracy: number;
  /** Training and evaluation. */
  readonly seconds: number;
}

const measures = ['epoch', 'trainLoss', 'trainAccuracy', 'valLoss', 'valAccuracy', 'seconds'] as const;

/** Whether a value read from a file is a list of epochs. */
export function isEpochs(value: unknown): value is readonly EpochRecord[] {
  return (
    Array.isArray(value) &&
    value.every((epoch: Partial<EpochRecord> | null) =>
      measures.every((name) => Number.isFinite(epoch?.[name])),
    )
  );
}

interface Measured {
  readonly epochs: readonly EpochRecord[];
  /** Numbers in the network. */
  readonly parameters: number;
  /** All epochs, evaluation included. */
  readonly trainSeconds: number;
  /** Highest resident memory of the trial's process. */
  readonly peakBytes: number;
  /** Such as `tensorflow-cpu`. */
  readonly engine: string;
}

/**
 * What a failure was: the process ended, on its own or killed; it had no memory left, or the system none for it; it took
 * longer than `budget.trialTimeout`; it showed no progress for `budget.stallTimeout`; data or weights turned out bad;
 * TensorFlow refused.
 */
export type Failure = 'crash' | 'outOfMemory' | 'timeout' | 'stall' | 'configuration' | 'engine';

/** How a trial ended. */
export type TrialOutcome =
  | (Measured & { readonly status: 'completed' })
  /** The loss was not finite: a finding about the parameters. `epochs` holds the epochs before. */
  | (Measured & { readonly status: 'diverged'; readonly epoch: number; readonly step: number })
  /** The trial's process ended without a result. */
  | {
      readonly status: 'failed';
      readonly failure: Failure;
      /** For people. */
      readonly cause: string;
      readonly logFile: string;
    };

export type FailedOutcome = Extract<TrialOutcome, { status: 'failed' }>;

/** Whether the next run trains it again without being told to: another attempt may end otherwise. */
export function isRetryable({ failure }: FailedOutcome): boolean {
  return failure === 'crash' || failure === 'stall' || failure === 'outOfMemory';
}

/** What a trial's process is told. */
export interface TrialRequest {
  readonly trial: Trial;
  /** The data set's name. */
  readonly dataset: string;
  readonly dataDirectory: string;
  /** The pretrained file, or null for random initial weights. */
  readonly weightsPath: string | null;
  readonly engine: string;
  /** Where the trial's state is kept while it trains, and every how many epochs; null for nowhere. */
  readonly checkpoint: CheckpointRequest | null;
}

export interface CheckpointRequest {
  readonly path: string;
  readonly everyEpochs: number;
}

export interface TrialProgress {
  /** From 1. */
  readonly epoch: number;
  /** Steps done in this epoch. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Running means over the epoch so far; null before the first reading. */
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly secondsLeft: number | null;
}

/** What a trial's process says. */
export type TrialMessage =
  | { readonly type: 'progress'; readonly progress: TrialProgress }
  | { readonly type: 'epoch'; readonly record: EpochRecord }
  /** It works, with nothing to tell: evaluation goes on. */
  | { readonly type: 'alive' }
  | { readonly type: 'outcome'; readonly outcome: TrialOutcome }
  /** It ends without an outcome; `message` is for people. */
  | {
      readonly type: 'failure';
      readonly failure: Extract<Failure, 'outOfMemory' | 'configuration' | 'engine'>;
      readonly message: string;
    };
