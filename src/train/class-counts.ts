import { encodeConfusion } from '../trial/predictions.js';

/** How often each class was taken for each: K × K counts, row by row the images of a class, by the class predicted. */
export class ClassCounts {
  readonly #counts: Float64Array;

  constructor(readonly classes: number) {
    this.#counts = new Float64Array(classes * classes);
  }

  /** Labels and predictions [N], from 0. */
  add(labels: ArrayLike<number>, predictions: ArrayLike<number>): void {
    for (let index = 0; index < labels.length; index++)
      this.#counts[labels[index]! * this.classes + predictions[index]!]!++;
  }

  /** As a `PredictionRecord` has them. */
  encode(): string {
    return encodeConfusion(this.#counts);
  }

  /** Mean over the classes with images of the share that was right (their recall). */
  balancedAccuracy(): number {
    const recalls = this.#figures().map(({ images, right }) => right / images);
    return meanOf(recalls);
  }

  /** Mean over the classes with images of F1 = 2 · right / (images + predicted). */
  macroF1(): number {
    const scores = this.#figures().map(({ images, right, predicted }) => (2 * right) / (images + predicted));
    return meanOf(scores);
  }

  /** Of the classes that have images: how many, how many right, and how often the class was predicted. */
  #figures() {
    const range = Array.from({ length: this.classes }, (_, index) => index);
    const at = (label: number, prediction: number) => this.#counts[label * this.classes + prediction]!;
    return range
      .map((label) => ({
        images: range.reduce((sum, prediction) => sum + at(label, prediction), 0),
        right: at(label, label),
        predicted: range.reduce((sum, other) => sum + at(other, label), 0),
      }))
      .filter(({ images }) => images > 0);
  }
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
