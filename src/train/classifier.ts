import { deviceOperations } from '../engine/device-operations.js';
import { sparseSoftmaxCrossEntropy, statelessUniform, type Seed } from '../engine/fused-operations.js';
import type { BatchStatistics } from '../engine/network-operations.js';
import { ResourceVariable } from '../engine/resource-variable.js';
import { tf, type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '../engine/tfjs.js';
import type { InitialValues } from '../model/initial-values.js';
import type { Layer } from '../model/layers.js';
import { inferenceLogits, trainingLogits } from '../model/network.js';
import type { Optimizer } from '../plan/trial.js';
import { Adam } from './adam.js';

const momentum = 0.99; // of the moving statistics, as in Keras

/** Sums over images that stay on the device: mean cross-entropy times N, and right answers. */
export type BatchSums = {
  readonly lossSum: Scalar;
  readonly correct: Scalar;
};

/** The network's state (parameters, moving statistics, optimiser) and the two things done with it. */
export class Classifier {
  readonly #parameters: readonly ResourceVariable[];
  readonly #optimizer: Adam;
  readonly #movingMean: ResourceVariable;
  readonly #movingVariance: ResourceVariable;

  /** Takes over the tensors of `initial`. */
  constructor(
    private readonly layers: readonly Layer[],
    initial: InitialValues,
    optimizer: Optimizer,
  ) {
    this.#parameters = initial.parameters.map((value) => new ResourceVariable(value));
    this.#optimizer = new Adam(this.#parameters, optimizer.learningRate);
    this.#movingMean = new ResourceVariable(initial.movingMean);
    this.#movingVariance = new ResourceVariable(initial.movingVariance);
  }

  /** What `trainStep` needs for a step, the first being 1. The caller owns the tensor. */
  optimizerScalars(step: number): Tensor1D {
    return tf.tensor1d(this.#optimizer.scalars(step));
  }

  /**
   * One step on images [N, S, S, 1] and labels [N] (int32), with the mean cross-entropy as loss. Dropout keeps a
   * feature with probability 1 − `dropout` and scales it by the inverse. The caller owns the sums. Fit for a
   * graph function.
   */
  trainStep(
    images: Tensor4D,
    labels: Tensor1D,
    dropout: number,
    dropoutSeed: Seed,
    optimizerScalars: Tensor1D,
  ): BatchSums {
    return tf.tidy(() => {
      const statistics: BatchStatistics[] = [];
      let logits!: Tensor2D;
      const { value: loss, grads } = tf.valueAndGrads((...parameters: Tensor[]) => {
        const drop = (features: Tensor2D) => dropFeatures(features, dropout, dropoutSeed);
        logits = trainingLogits(deviceOperations, images, this.layers, parameters, drop, (batch) => {
          statistics.push({ ...batch, mean: tf.keep(batch.mean), variance: tf.keep(batch.variance) });
        });
        tf.keep(logits);
        return sparseSoftmaxCrossEntropy(logits, labels);
      })(this.#parameters.map((parameter) => parameter.read()));
      this.#optimizer.apply(grads, optimizerScalars);
      this.#updateMovingStatistics(statistics);
      const sums = { lossSum: loss.mul<Scalar>(labels.shape[0]), correct: countCorrect(logits, labels) };
      logits.dispose();
      return sums;
    });
  }

  /** Loss and right answers on images [N, S, S, 1] by the moving statistics. The caller owns the sums. */
  evaluate(images: Tensor4D, labels: Tensor1D): BatchSums {
    return tf.tidy(() => {
      const logits = this.logits(images);
      const lossSum = sparseSoftmaxCrossEntropy(logits, labels).mul<Scalar>(labels.shape[0]);
      return { lossSum, correct: countCorrect(logits, labels) };
    });
  }

  /** Logits [N, K] by the moving statistics. The caller owns the tensor. */
  logits(images: Tensor4D): Tensor2D {
    return tf.tidy(() => {
      const parameters = this.#parameters.map((parameter) => parameter.read());
      return inferenceLogits(
        deviceOperations,
        images,
        this.layers,
        parameters,
        this.#movingMean.read() as Tensor1D,
        this.#movingVariance.read() as Tensor1D,
      );
    });
  }

  /** All values in the order of `parameterNames`, then the moving means and variances. The caller owns them. */
  values(): InitialValues {
    return {
      parameters: this.#parameters.map((parameter) => parameter.read()),
      movingMean: this.#movingMean.read() as Tensor1D,
      movingVariance: this.#movingVariance.read() as Tensor1D,
    };
  }

  dispose(): void {
    for (const parameter of this.#parameters) parameter.dispose();
    this.#optimizer.dispose();
    this.#movingMean.dispose();
    this.#movingVariance.dispose();
  }

  /** All layers at once, in two vectors: 27 layers one by one would be 160 calls a step. */
  #updateMovingStatistics(statistics: readonly BatchStatistics[]): void {
    const mean = tf.concat(statistics.map((batch) => batch.mean));
    const variance = tf.concat(statistics.map((batch) => batch.variance));
    average(this.#movingMean, mean);
    average(this.#movingVariance, variance.mul(corrections(statistics)));
    for (const batch of statistics) tf.dispose([batch.mean, batch.variance]);
  }
}

/** The correction of every channel's variance, [C₁ + C₂ + …]. */
function corrections(statistics: readonly BatchStatistics[]): Tensor1D {
  const values = statistics.flatMap(({ correction, mean }) => Array<number>(mean.size).fill(correction));
  return tf.tensor1d(values);
}

function average(moving: ResourceVariable, batch: Tensor1D): void {
  moving.assign(
    moving
      .read()
      .mul(momentum)
      .add(batch.mul(1 - momentum)),
  );
}

function dropFeatures(features: Tensor2D, rate: number, seed: Seed): Tensor2D {
  if (rate === 0) return features;
  const kept = statelessUniform<Tensor2D>(features.shape, seed).greaterEqual(rate).toFloat();
  return features.mul(kept.div(1 - rate));
}

function countCorrect(logits: Tensor2D, labels: Tensor1D): Scalar {
  return logits.argMax(1).equal(labels).sum().toFloat() as Scalar;
}
