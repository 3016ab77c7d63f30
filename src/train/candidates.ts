/**
 * The epochs that a metric may select. A trial does not know its experiment's metric, and several experiments share it: so
 * whatever any of them may select is tested once, after training.
 */
import type { EpochRecord, TestRecord } from '../trial/outcome.js';
import type { SavedTensor } from './checkpoint.js';

/** What is kept of such an epoch until the end. */
export interface KeptEpoch {
  readonly epoch: number;
  /** Where the validation images are the test images: the epoch's own evaluation. */
  readonly test: TestRecord | null;
  /** Else the network's numbers, to be evaluated on the test images after training. */
  readonly tensors: readonly SavedTensor[];
}

/** The first epoch of highest accuracy and the first of lowest loss; in this order, each once. */
function bestEpochs(epochs: readonly EpochRecord[]): number[] {
  const first = (isBetter: (a: EpochRecord, b: EpochRecord) => boolean) =>
    epochs.reduce((best, record) => (isBetter(record, best) ? record : best)).epoch;
  return [
    ...new Set([first((a, b) => a.valAccuracy > b.valAccuracy), first((a, b) => a.valLoss < b.valLoss)]),
  ];
}

/** Those before the last that `epochs` leave as candidates, with the last one where it is among the best. */
export class Candidates {
  #kept: readonly KeptEpoch[];

  /** @param kept of a checkpoint; one of an earlier version has none, and the epochs until it cannot be tested */
  constructor(kept: readonly KeptEpoch[] = []) {
    this.#kept = kept;
  }

  get kept(): readonly KeptEpoch[] {
    return this.#kept;
  }

  /** @param epochs so far, with the one that has just ended; `keep` is called only where it is among the best */
  add(epochs: readonly EpochRecord[], keep: () => KeptEpoch): void {
    const best = bestEpochs(epochs);
    const kept = this.#kept.filter(({ epoch }) => best.includes(epoch));
    this.#kept = best.includes(epochs.length) ? [...kept, keep()] : kept;
  }
}
