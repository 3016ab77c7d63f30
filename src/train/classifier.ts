import { deviceOperations } from '../engine/device-operations.js';
import {
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
  statelessUniform,
  type Seed,
} from '../engine/fused-operations.js';
import type { BatchStatistics } from '../engine/network-operations.js';
import { ResourceVariable } from '../engine/resource-variable.js';
import { tf, type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '../engine/tfjs.js';
import type { InitialValues } from '../model/initial-values.js';
import { frozenLayers, type Layer } from '../model/mobilenet-v1/layers.js';
import {
  inferenceFeatures,
  inferenceLogits,
  parameterNames,
  parametersPerLayer,
  trainingLogits,
  type MovingStatistics,
} from '../model/mobilenet-v1/network.js';
import type { TrialParams } from '../plan/plan.js';
import type { SavedTensor, TensorLayout } from './checkpoint.js';
import { Optimizer } from './optimizer.js';

const momentum = 0.99; // of the moving statistics, as in Keras

/** Sums over images that stay on the device: mean cross-entropy times N, and right answers. */
export type BatchSums = {
  readonly lossSum: Scalar;
  readonly correct: Scalar;
};

/** What of a trial's parameters the classifier itself needs. */
export type ClassifierSettings = Pick<
  TrialParams,
  'optimizer' | 'dropout' | 'labelSmoothing' | 'frozenBlocks'
>;

/** Images [N, S, S, 1] and labels [N] (int32); with targets [N, K] where the loss is not that of the labels. */
export interface TrainingBatch {
  readonly images: Tensor4D;
  readonly labels: Tensor1D;
  readonly targets?: Tensor2D | null;
}

/** The network's state (parameters, moving statistics, optimiser) and the two things done with it. */
export class Classifier {
  readonly #parameters: readonly ResourceVariable[];
  readonly #optimizer: Optimizer;
  readonly #movingMean: ResourceVariable;
  readonly #movingVariance: ResourceVariable;
  /** Layers that do not train, the first ones. */
  readonly #frozen: number;

  /** Takes over the tensors of `initial`. */
  constructor(
    private readonly layers: readonly Layer[],
    initial: InitialValues,
    private readonly settings: ClassifierSettings,
  ) {
    this.#frozen = frozenLayers(settings.frozenBlocks);
    this.#parameters = initial.parameters.map((value) => new ResourceVariable(value));
    const trainable = this.#parameters.slice(parametersPerLayer * this.#frozen);
    this.#optimizer = new Optimizer(trainable, settings.optimizer);
    this.#movingMean = new ResourceVariable(initial.movingMean);
    this.#movingVariance = new ResourceVariable(initial.movingVariance);
  }

  /** What `trainStep` needs for a step, the first being 1. The caller owns the tensor. */
  optimizerScalars(step: number, learningRate = this.settings.optimizer.learningRate): Tensor1D {
    return tf.tensor1d(this.#optimizer.scalars(step, learningRate));
  }

  /**
   * One step with the mean cross-entropy as loss. Dropout keeps a feature with probability 1 − `dropout` and scales
   * it by the inverse. Frozen layers work as in evaluation, as Keras' do. The caller owns the sums. Fit for a graph
   * function.
   */
  trainStep(batch: TrainingBatch, dropoutSeed: Seed, optimizerScalars: Tensor1D): BatchSums {
    return tf.tidy(() => {
      const statistics: BatchStatistics[] = [];
      let logits!: Tensor2D;
      const values = this.#values();
      const features = inferenceFeatures(
        deviceOperations,
        batch.images,
        this.layers,
        values,
        this.#statistics(),
        this.#frozen,
      );
      const trainable = values.slice(parametersPerLayer * this.#frozen);
      const { value: loss, grads } = tf.valueAndGrads((...parameters: Tensor[]) => {
        const drop = (features: Tensor2D) => dropFeatures(features, this.settings.dropout, dropoutSeed);
        const layers = this.layers.slice(this.#frozen);
        logits = trainingLogits(deviceOperations, features, layers, parameters, drop, (batch) => {
          statistics.push({ ...batch, mean: tf.keep(batch.mean), variance: tf.keep(batch.variance) });
        });
        tf.keep(logits);
        return this.#loss(logits, batch);
      })(trainable);
      this.#optimizer.apply(grads, trainable, optimizerScalars);
      this.#updateMovingStatistics(statistics);
      const size = batch.labels.shape[0];
      const sums = { lossSum: loss.mul<Scalar>(size), correct: countCorrect(logits, batch.labels) };
      logits.dispose();
      return sums;
    });
  }

  /** Label smoothing after Szegedy et al. 2016: the share ε of a label is spread over all K classes. */
  #loss(logits: Tensor2D, { labels, targets }: TrainingBatch): Scalar {
    const { labelSmoothing } = this.settings;
    const classes = logits.shape[1];
    if (!targets && labelSmoothing === 0) return sparseSoftmaxCrossEntropy(logits, labels);
    const shares = targets ?? oneHot(labels, classes);
    const smoothed = shares.mul<Tensor2D>(1 - labelSmoothing).add<Tensor2D>(labelSmoothing / classes);
    return softmaxCrossEntropy(logits, smoothed);
  }

  /**
   * Loss and right answers on images [N, S, S, 1] by the moving statistics. With `flip`, by the mean of the
   * probabilities for each image and its mirror image. The caller owns the sums.
   */
  evaluate(images: Tensor4D, labels: Tensor1D, flip = false): BatchSums {
    return tf.tidy(() => {
      let logits = this.logits(images);
      if (flip) {
        const mirrored = this.logits(tf.reverse(images, 2)).softmax();
        logits = logits.softmax().add(mirrored).div<Tensor2D>(2).log(); // whose softmax are these probabilities
      }
      const lossSum = sparseSoftmaxCrossEntropy(logits, labels).mul<Scalar>(labels.shape[0]);
      return { lossSum, correct: countCorrect(logits, labels) };
    });
  }

  /** Logits [N, K] by the moving statistics. The caller owns the tensor. */
  logits(images: Tensor4D): Tensor2D {
    return tf.tidy(() => {
      return inferenceLogits(deviceOperations, images, this.layers, this.#values(), this.#statistics());
    });
  }

  /** All values in the order of `parameterNames`, then the moving means and variances. The caller owns them. */
  values(): InitialValues {
    const { mean, variance } = this.#statistics();
    return { parameters: this.#values(), movingMean: mean, movingVariance: variance };
  }

  /** What `save` saves: all parameters and moving statistics, and what the optimiser remembers of them. */
  get layout(): readonly TensorLayout[] {
    return this.#variables().map(([name, { shape }]) => ({ name, shape }));
  }

  /** The whole state, read from the device. */
  save(): SavedTensor[] {
    return this.#variables().map(([name, variable]) => {
      const tensor = variable.read();
      const values = tensor.dataSync() as Float32Array; // device to host
      tensor.dispose();
      return { name, shape: variable.shape, values };
    });
  }

  /** Goes back to what `save` gave for the same `layout`. */
  restore(tensors: readonly SavedTensor[]): void {
    for (const [index, [, variable]] of this.#variables().entries())
      variable.assign(tf.tensor(tensors[index]!.values, variable.shape));
  }

  dispose(): void {
    for (const parameter of this.#parameters) parameter.dispose();
    this.#optimizer.dispose();
    this.#movingMean.dispose();
    this.#movingVariance.dispose();
  }

  #variables(): (readonly [name: string, variable: ResourceVariable])[] {
    const names = parameterNames(this.layers);
    const trainable = names.slice(parametersPerLayer * this.#frozen);
    return [
      ...this.#parameters.map((parameter, index) => [names[index]!, parameter] as const),
      ['movingMean', this.#movingMean],
      ['movingVariance', this.#movingVariance],
      ...this.#optimizer.slots.flatMap((slots, index) =>
        slots.map((slot, number) => [`${trainable[index]!}/slot${number}`, slot] as const),
      ),
    ];
  }

  #values(): Tensor[] {
    return this.#parameters.map((parameter) => parameter.read());
  }

  #statistics(): MovingStatistics {
    return {
      mean: this.#movingMean.read() as Tensor1D,
      variance: this.#movingVariance.read() as Tensor1D,
    };
  }

  /** All layers at once, in two vectors: 27 layers one by one would be 160 calls a step. */
  #updateMovingStatistics(statistics: readonly BatchStatistics[]): void {
    if (statistics.length === 0) return; // only the last layer trains
    const frozen = this.layers.slice(0, this.#frozen).reduce((sum, { outChannels }) => sum + outChannels, 0);
    const mean = tf.concat(statistics.map((batch) => batch.mean));
    const variance = tf.concat(statistics.map((batch) => batch.variance));
    average(this.#movingMean, mean, frozen);
    average(this.#movingVariance, variance.mul(corrections(statistics)), frozen);
    for (const batch of statistics) tf.dispose([batch.mean, batch.variance]);
  }
}

/** The correction of every channel's variance, [C₁ + C₂ + …]. */
function corrections(statistics: readonly BatchStatistics[]): Tensor1D {
  const values = statistics.flatMap(({ correction, mean }) => Array<number>(mean.size).fill(correction));
  return tf.tensor1d(values);
}

/** Averages the numbers from `first` on with a batch's; the ones before stay. */
function average(moving: ResourceVariable, batch: Tensor1D, first: number): void {
  const before = moving.read() as Tensor1D;
  const averaged = (first === 0 ? before : before.slice(first)).mul(momentum).add(batch.mul(1 - momentum));
  moving.assign(first === 0 ? averaged : tf.concat([before.slice(0, first), averaged]));
}

function dropFeatures(features: Tensor2D, rate: number, seed: Seed): Tensor2D {
  if (rate === 0) return features;
  const kept = statelessUniform<Tensor2D>(features.shape, seed).greaterEqual(rate).toFloat();
  return features.mul(kept.div(1 - rate));
}

function countCorrect(logits: Tensor2D, labels: Tensor1D): Scalar {
  return logits.argMax(1).equal(labels).sum().toFloat() as Scalar;
}

/** Labels [N] (int32) as shares [N, K] of ones and zeros. */
export function oneHot(labels: Tensor1D, classes: number): Tensor2D {
  return labels
    .reshape([labels.size, 1])
    .equal<Tensor2D>(tf.range(0, classes, 1, 'int32').reshape([1, classes]))
    .toFloat();
}
