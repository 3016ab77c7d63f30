import { tf, type Scalar } from '../engine/tfjs.js';
import type { BatchSums } from './step.js';

/** Sums over batches, kept on the device until read. */
export class RunningSums {
  #sums: BatchSums | null = null;
  #images = 0;
  /** As of the last reading: means over the images so far; null before it. */
  loss: number | null = null;
  accuracy: number | null = null;

  /** Takes over the batch's tensors. */
  add({ lossSum, correct }: BatchSums, images: number): void {
    this.#sums = {
      lossSum: accumulate(this.#sums?.lossSum, lossSum),
      correct: accumulate(this.#sums?.correct, correct),
    };
    this.#images += images;
  }

  /** Waits for the device. */
  read(): { readonly loss: number; readonly accuracy: number } {
    const mean = (sum: Scalar | undefined) => (sum?.dataSync()[0] ?? 0) / this.#images; // device to host
    const [loss, accuracy] = [mean(this.#sums?.lossSum), mean(this.#sums?.correct)];
    [this.loss, this.accuracy] = [loss, accuracy];
    return { loss, accuracy };
  }

  /** Begins again. */
  reset(): void {
    this.dispose();
    this.#images = 0;
    [this.loss, this.accuracy] = [null, null];
  }

  dispose(): void {
    if (this.#sums) tf.dispose([this.#sums.lossSum, this.#sums.correct]);
    this.#sums = null;
  }
}

function accumulate(sum: Scalar | undefined, term: Scalar): Scalar {
  const next = tf.keep(sum ? sum.add<Scalar>(term) : term);
  if (sum) tf.dispose([sum, term]);
  return next;
}
