import type { MetricName } from '../plan/plan.js';
import type { PredictionRecord } from './predictions.js';

/** What a trial measured in one epoch. Losses in nats, accuracies as fractions. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Mean over the epoch's batches, dropout and augmentation applied, as Keras reports it. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly valLoss: number;
  readonly valAccuracy: number;
  /** Mean of the classes' accuracies. It and those below: earlier versions did not measure them. */
  readonly valBalancedAccuracy?: number;
  /** Mean of the classes' F1. */
  readonly valMacroF1?: number;
  /** The share whose label is among the five largest logits; only with six classes or more. */
  readonly valTop5?: number;
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

/** What the weights of one epoch made of the test images, looked at once, after training. */
export interface TestRecord {
  readonly epoch: number;
  /** Mean cross-entropy in nats. */
  readonly testLoss: number;
  /** A fraction. */
  readonly testAccuracy: number;
  readonly testBalancedAccuracy?: number;
  readonly testMacroF1?: number;
  readonly testTop5?: number;
  /** Number of test images. */
  readonly images: number;
  /** One bit per test image, 1 where its class was right, in the data's order, the lowest bit of a byte first. Base64. */
  readonly correct: string;
  /** SHA-256 (hexadecimal) of the images' labels: bits are compared only over the same images. */
  readonly imagesSha256: string;
}

/** Whether a value read from a file is what the test images said of some of these epochs, ascending. */
export function isTests(value: unknown, epochs: readonly EpochRecord[]): value is readonly TestRecord[] {
  let before = 0;
  return (
    Array.isArray(value) &&
    value.every((test: Partial<TestRecord> | null) => {
      const { epoch, testLoss, testAccuracy, images, correct, imagesSha256 } = test ?? {};
      const isLater = epochs.some((known) => known.epoch === epoch && known.epoch > before);
      before = epoch ?? 0;
      const areNumbers = [testLoss, testAccuracy].every(Number.isFinite) && Number.isSafeInteger(images);
      return isLater && areNumbers && areBits(correct, images!) && isSha256(imagesSha256);
    })
  );
}

/** In base64, without a bit behind the last. */
function areBits(value: unknown, count: number): boolean {
  if (typeof value !== 'string' || count <= 0) return false;
  const bytes = Buffer.from(value, 'base64');
  const isWhole = bytes.length === Math.ceil(count / 8) && bytes.toString('base64') === value;
  return isWhole && (count % 8 === 0 || bytes.at(-1)! >> (count % 8) === 0);
}

const isSha256 = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

interface Measured {
  readonly epochs: readonly EpochRecord[];
  /**
   * Of each epoch that a metric may select: the last, and of each metric the first of its best value. Ascending, each once. Trials of earlier versions have none.
   */
  readonly tests?: readonly TestRecord[];
  /** Of the same epochs. Trials of earlier versions have none. */
  readonly predictions?: readonly PredictionRecord[];
  /** Numbers in the network. */
  readonly parameters: number;
  /** All epochs, evaluation included, and the test after them. */
  readonly trainSeconds: number;
  /** Highest resident memory of the trial's process. */
  readonly peakBytes: number;
  /** Such as `tensorflow-cpu`. */
  readonly engine: string;
  /** Where it was trained: by a cluster, which has machines of several kinds. */
  readonly node?: TrialNode;
}

/** A machine of a cluster. */
export interface TrialNode {
  readonly host: string;
  /** Such as `AMD EPYC 9R14`. */
  readonly processor: string;
  /** What its kernels were compiled for, such as `avx512`. */
  readonly instructionSet: string;
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

/** Whether an outcome has a metric's figures: earlier versions measured accuracy and loss only. */
export function hasFigures(outcome: TrialOutcome, metric: MetricName): boolean {
  return outcome.status !== 'completed' || outcome.epochs.every((epoch) => epoch[metric] !== undefined);
}

/** Whether the next run trains it again without being told to: another attempt may end otherwise. */
export function isRetryable({ failure }: FailedOutcome): boolean {
  return failure === 'crash' || failure === 'stall' || failure === 'outOfMemory';
}
