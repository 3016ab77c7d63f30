import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { DatasetImages, LabelledImages } from '../data/dataset.js';
import { tf, type Tensor1D } from '../engine/tfjs.js';
import { createNetwork } from '../model/create-network.js';
import { initialValues, type PretrainedValues } from '../model/initial-values.js';
import { countNumbers } from '../model/network.js';
import { stepsPerEpoch } from '../params/training-steps.js';
import type { Trial } from '../plan/plan.js';
import type { TestRecord } from '../trial/outcome.js';
import type { KeptEpoch } from './candidates.js';
import type { Checkpoint } from './checkpoint.js';
import { Classifier } from './classifier.js';
import { learningRateAt } from './learning-rate.js';
import { packBits } from './pack-bits.js';
import { DeviceImages, type ImageFacts } from './pipeline.js';
import { initialSeeds, shuffledIndices, streamSeed } from './random-streams.js';
import { RunningSums } from './running-sums.js';
import { splitImages } from './split-images.js';
import { makeSteps, type BatchSums, type Steps } from './step.js';

const evaluationBatch = 250;

/** What a trial is trained from. */
export interface TrialInputs {
  readonly trial: Trial;
  readonly facts: ImageFacts;
  readonly images: DatasetImages;
  readonly pretrained: PretrainedValues | null;
}

/** Mean loss and accuracy over images, and which of them were right: 1 or 0. */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
  readonly isRight: ArrayLike<number>;
}

/** All that a trial has on the device: images, classifier and the functions of its steps. */
export class Trainer {
  readonly #owned: { dispose(): void }[] = [];
  readonly #trial: Trial;
  readonly #training: DeviceImages;
  readonly #validation: DeviceImages;
  readonly #facts: ImageFacts;
  /** Null where they are the validation images; empty where the data set has none. */
  readonly #test: LabelledImages | null;
  readonly #testSha256: string;
  readonly #steps: Steps;
  readonly classifier: Classifier;
  /** Numbers in the network. */
  readonly parameters: number;
  readonly stepsPerEpoch: number;

  constructor({ trial, facts, images, pretrained }: TrialInputs) {
    const { params, seed, data } = trial;
    this.#trial = trial;
    this.#facts = facts;
    try {
      const network = createNetwork(params, facts);
      this.parameters = countNumbers(network);
      const values = initialValues(network, initialSeeds(seed), pretrained);
      this.classifier = this.#own(new Classifier(network, values, params.optimizer));
      const { training, validation, test } = splitImages(images, params.trainSubset, data);
      this.#training = this.#own(new DeviceImages(training, facts.shape));
      this.#validation = this.#own(new DeviceImages(validation, facts.shape));
      this.#test = test;
      this.#testSha256 = createHash('sha256').update('test').update(images.test.labels).digest('hex');
      this.#steps = makeSteps(this.classifier, params, facts);
    } catch (error) {
      this.dispose();
      throw error;
    }
    const { batchSize } = params;
    this.stepsPerEpoch = stepsPerEpoch({ trainSubset: this.#training.length, batchSize });
  }

  /** The training images in the order of an epoch, the first being 1. */
  order(epoch: number): Int32Array {
    return shuffledIndices(this.#training.length, this.#trial.seed, epoch);
  }

  /** One step, both counted from 1, on its part of the epoch's order. The caller owns the sums. */
  step(order: Int32Array, epoch: number, step: number): { readonly sums: BatchSums; readonly size: number } {
    const { params, seed } = this.#trial;
    const draw = (epoch - 1) * this.stepsPerEpoch + step; // numbers all steps of the trial
    const indices = order.subarray((step - 1) * params.batchSize, step * params.batchSize);
    const seeds = [
      streamSeed(seed, 'dropout', draw),
      ...params.augmentation.map((_, index) => streamSeed(seed, 'augment', draw * 64 + index)),
    ];
    const { learningRate } = params.optimizer;
    const rate = learningRateAt(draw, learningRate, params.schedule, this.stepsPerEpoch, params.epochs);
    const sums = tf.tidy(() =>
      this.#steps.train(
        this.#training,
        tf.tensor1d(indices, 'int32'),
        tf.tensor2d(seeds, [seeds.length, 2], 'int32'),
        this.classifier.optimizerScalars(draw, rate),
      ),
    );
    return { sums, size: indices.length };
  }

  /** Over the validation images, without dropout and augmentation. */
  evaluate(alive: () => void): Promise<Evaluation> {
    return this.#evaluate(this.#validation, alive);
  }

  /** What is kept of the epoch that has just ended, for `test`. */
  keep(epoch: number, validation: Evaluation): KeptEpoch {
    if (!this.#test) return { epoch, test: this.#testRecord(epoch, validation), tensors: [] };
    const tensors = this.#test.labels.length > 0 ? this.classifier.saveNetwork() : [];
    return { epoch, test: null, tensors };
  }

  /**
   * Evaluates what is kept of some epochs on the test images; once, after training: the network's numbers are those of
   * the last one afterwards.
   */
  async test(kept: readonly KeptEpoch[], alive: () => void): Promise<TestRecord[]> {
    if (!this.#test) return kept.flatMap(({ test }) => test ?? []);
    if (this.#test.labels.length === 0) return [];
    const images = new DeviceImages(this.#test, this.#facts.shape);
    try {
      const records: TestRecord[] = [];
      for (const { epoch, tensors } of kept) {
        this.classifier.restore(tensors);
        records.push(this.#testRecord(epoch, await this.#evaluate(images, alive)));
      }
      return records;
    } finally {
      images.dispose();
    }
  }

  #testRecord(epoch: number, { loss, accuracy, isRight }: Evaluation): TestRecord {
    return {
      epoch,
      testLoss: loss,
      testAccuracy: accuracy,
      images: isRight.length,
      correct: packBits(isRight),
      imagesSha256: this.#testSha256,
    };
  }

  async #evaluate(images: DeviceImages, alive: () => void): Promise<Evaluation> {
    const sums = new RunningSums();
    const right: Tensor1D[] = [];
    try {
      for (let first = 0; first < images.length; first += evaluationBatch) {
        const last = Math.min(first + evaluationBatch, images.length);
        const batch = tf.tidy(() => this.#steps.evaluate(images, tf.range(first, last, 1, 'int32')));
        right.push(batch.isRight);
        sums.add(batch, last - first);
        alive();
        await setImmediate();
      }
      const isRight = tf.tidy(() => tf.concat(right).dataSync()); // device to host
      return { ...sums.read(), isRight }; // device to host
    } finally {
      tf.dispose(right);
      sums.dispose();
    }
  }

  /**
   * Goes back to a checkpoint's state. The first call of a graph function with inputs of a shape runs operation by
   * operation, all later ones as one function, which TensorFlow may optimise as a whole: on the CPU the digits were the
   * same, on a GPU it is not known. So the first calls are made here, and leave no trace: the state comes after them.
   */
  async restore({ tensors }: Checkpoint, alive: () => void): Promise<void> {
    const order = this.order(1);
    for (const step of new Set([1, this.stepsPerEpoch])) {
      tf.dispose(this.step(order, 1, step).sums);
      alive();
    }
    await this.evaluate(alive);
    this.classifier.restore(tensors);
  }

  dispose(): void {
    for (const owned of this.#owned.splice(0)) owned.dispose();
  }

  #own<T extends { dispose(): void }>(value: T): T {
    this.#owned.push(value);
    return value;
  }
}
