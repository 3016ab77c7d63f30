import { setImmediate } from 'node:timers/promises';
import type { DatasetImages } from '../data/dataset.js';
import { tf, type Tensor1D } from '../engine/tfjs.js';
import { createNetwork } from '../model/create-network.js';
import { initialValues, type PretrainedValues } from '../model/initial-values.js';
import { countNumbers } from '../model/network.js';
import { stepsPerEpoch } from '../params/training-steps.js';
import type { Trial } from '../plan/plan.js';
import type { Checkpoint } from './checkpoint.js';
import { Classifier } from './classifier.js';
import { learningRateAt } from './learning-rate.js';
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

export interface Evaluation {
  /** Mean over the images. */
  readonly loss: number;
  readonly accuracy: number;
  /** 1 for each image whose class was right, else 0. */
  readonly correct: Uint8Array;
}

/** All that a trial has on the device: images, classifier and the functions of its steps. */
export class Trainer {
  readonly #owned: { dispose(): void }[] = [];
  readonly #trial: Trial;
  readonly #uploadTest: () => DeviceImages;
  readonly #training: DeviceImages;
  readonly #validation: DeviceImages;
  #test: DeviceImages | null = null;
  readonly #steps: Steps;
  readonly classifier: Classifier;
  /** Numbers in the network. */
  readonly parameters: number;
  readonly stepsPerEpoch: number;

  constructor({ trial, facts, images, pretrained }: TrialInputs) {
    const { params, seed, data } = trial;
    this.#trial = trial;
    this.#uploadTest = () => this.#own(new DeviceImages(images.test, facts.shape));
    try {
      const network = createNetwork(params, facts);
      this.parameters = countNumbers(network);
      const values = initialValues(network, initialSeeds(seed), pretrained);
      this.classifier = this.#own(new Classifier(network, values, params.optimizer));
      const { training, validation } = splitImages(images, params.trainSubset, data);
      this.#training = this.#own(new DeviceImages(training, facts.shape));
      this.#validation = this.#own(new DeviceImages(validation, facts.shape));
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

  /** Mean loss and accuracy over the validation images, without dropout and augmentation. */
  evaluate(alive: () => void): Promise<Evaluation> {
    return this.#evaluate(this.#validation, alive);
  }

  /** As `evaluate`, over the test images. The first call puts them in the place of the others: training is over. */
  evaluateOnTest(alive: () => void): Promise<Evaluation> {
    if (!this.#test) {
      this.#training.dispose();
      this.#validation.dispose();
      this.#test = this.#uploadTest();
      alive();
    }
    return this.#evaluate(this.#test, alive);
  }

  async #evaluate(images: DeviceImages, alive: () => void): Promise<Evaluation> {
    const sums = new RunningSums();
    const areRight: Tensor1D[] = [];
    try {
      for (let first = 0; first < images.length; first += evaluationBatch) {
        const last = Math.min(first + evaluationBatch, images.length);
        const batch = tf.tidy(() => this.#steps.evaluate(images, tf.range(first, last, 1, 'int32')));
        sums.add(batch, last - first);
        areRight.push(batch.areRight);
        alive();
        await setImmediate();
      }
      const { loss, accuracy } = sums.read(); // device to host
      const all = tf.concat(areRight);
      areRight.push(all);
      return { loss, accuracy, correct: Uint8Array.from(all.dataSync()) };
    } finally {
      sums.dispose();
      tf.dispose(areRight);
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
