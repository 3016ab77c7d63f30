import { setImmediate } from 'node:timers/promises';
import type { DatasetImages, LabelledImages } from '../data/dataset.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { deviceOperations } from '../engine/device-operations.js';
import { tf, type Tensor1D, type Tensor2D } from '../engine/tfjs.js';
import { createNetwork } from '../model/create-network.js';
import { initialValues, type PretrainedValues } from '../model/initial-values.js';
import { countNumbers } from '../model/network.js';
import { stepsPerEpoch } from '../params/training-steps.js';
import type { Trial } from '../plan/plan.js';
import type { Predictions } from '../trial/predictions.js';
import type { Checkpoint } from './checkpoint.js';
import { Classifier } from './classifier.js';
import { learningRateAt } from './learning-rate.js';
import { ClassCounts } from './class-counts.js';
import { classWeightsOf } from './effects.js';
import { DeviceImages } from './device-images.js';
import { evaluationBatchOf } from './evaluation-batch.js';
import { pixelsOf, type ImageFacts } from './pipeline.js';
import { initialSeeds, shuffledIndices, streamSeed } from './random-streams.js';
import { RunningSums } from './running-sums.js';
import { splitImages } from './split-images.js';
import { makeSteps, type BatchSums, type Steps } from './step.js';

/** What a trial is trained from. */
export interface TrialInputs {
  readonly trial: Trial;
  readonly facts: ImageFacts;
  readonly images: DatasetImages;
  readonly pretrained: PretrainedValues | null;
}

/** Of images: fractions, and the loss in nats. */
export interface Evaluation {
  /** Mean over the images. */
  readonly loss: number;
  readonly accuracy: number;
  /** Mean over the classes that have images of the share that was right. */
  readonly balancedAccuracy: number;
  /** Mean over the same classes of F1. */
  readonly macroF1: number;
  /** The share whose label's logit is among the five largest; null with five classes or fewer. */
  readonly top5: number | null;
  /** 1 for each image whose class was right, else 0. */
  readonly correct: Uint8Array;
  /** What each image was taken for. */
  readonly predictions: Predictions;
  /** How often each class was taken for each. */
  readonly counts: ClassCounts;
}

/** All that a trial has on the device: images, classifier and the functions of its steps. */
export class Trainer {
  readonly #owned: { dispose(): void }[] = [];
  readonly #trial: Trial;
  readonly #classes: number;
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
    this.#classes = facts.classes.length;
    const upload = (part: LabelledImages) => this.#own(new DeviceImages(part, facts.shape));
    this.#uploadTest = () => upload(images.test!);
    try {
      if (!deviceOperations.supports(params.precision))
        throw new RunnerError([
          { kind: 'environment', reason: 'no-bfloat16', why: 'this machine has no instructions for it' },
        ]);
      const network = createNetwork(params, facts);
      this.parameters = countNumbers(network);
      const values = initialValues(network, initialSeeds(seed), pretrained);
      this.classifier = this.#own(new Classifier(network, values, params.optimizer));
      const { training, validation } = splitImages(images, params.trainSubset, data, pixelsOf(facts.shape));
      this.#training = upload(training);
      this.#validation = upload(validation);
      const weights = classWeightsOf(params, training.labels, this.#classes);
      this.#steps = makeSteps(this.classifier, params, facts, weights);
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
        this.#training.batch(indices),
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

  /** As `evaluate`, over the test images, which there must be. The first call puts them in the place of the others: training is over. */
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
    const batchSize = evaluationBatchOf(this.#trial.params.resolution);
    const sums = new RunningSums();
    const counts = new ClassCounts(this.#classes);
    const predicted: Tensor1D[] = [];
    const probable: Tensor2D[] = [];
    const inTop5: Tensor1D[] = [];
    try {
      for (let first = 0; first < images.length; first += batchSize) {
        const last = Math.min(first + batchSize, images.length);
        const batch = tf.tidy(() => this.#steps.evaluate(images.batch(range(first, last))));
        sums.add(batch, last - first);
        predicted.push(batch.predictions);
        probable.push(batch.probabilities);
        inTop5.push(batch.areInTop5);
        alive();
        await setImmediate();
      }
      const { loss, accuracy } = sums.read(); // device to host
      const predictions = tf.tidy(() => tf.concat(predicted).dataSync());
      counts.add(images.labels, predictions);
      const probabilities = tf.tidy(() => tf.concat(probable, 1).dataSync());
      const hits = tf.tidy(() => tf.concat(inTop5).sum().dataSync()[0]!);
      return {
        loss,
        accuracy,
        balancedAccuracy: counts.balancedAccuracy(),
        macroF1: counts.macroF1(),
        top5: this.#classes > 5 ? hits / images.length : null,
        correct: Uint8Array.from(images.labels, (label, index) => Number(label === predictions[index])),
        predictions: {
          labels: images.labels,
          predicted: predictions,
          predictedProbabilities: probabilities.subarray(0, images.length),
          labelProbabilities: probabilities.subarray(images.length),
        },
        counts,
      };
    } finally {
      sums.dispose();
      tf.dispose([...predicted, ...probable, ...inTop5]);
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

/** first, first + 1, … last − 1. */
const range = (first: number, last: number): Int32Array =>
  Int32Array.from({ length: last - first }, (_, index) => first + index);
