import type { BatchStatistics } from '../engine/network-operations.js';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '../engine/tfjs.js';

/** A tensor that training changes. */
export interface Parameter {
  /** Such as `conv1/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: 'glorotUniform' | 'ones' | 'zeros';
  /** Stays as it starts. */
  readonly frozen: boolean;
}

/** One batch normalisation. */
export interface BatchNormalization {
  /** Such as `conv1_bn`. */
  readonly name: string;
  readonly channels: number;
}

/** All numbers of a network. */
export interface NetworkValues {
  /** By the parameters' names, in their order. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** Of all batch normalisations, one after the other: [C₁ + C₂ + …]. */
  readonly movingMean: Tensor1D;
  readonly movingVariance: Tensor1D;
}

/** What is done while training only. */
export interface TrainingPass {
  /** Takes the pooled features [N, C] to the ones that the last layer sees. */
  readonly changeFeatures: (features: Tensor2D) => Tensor2D;
}

export interface ForwardPass {
  /** [N, K] */
  readonly logits: Tensor2D;
  /** Of each batch normalisation that went by its batch, in order: in training all behind the frozen ones. */
  readonly statistics: readonly BatchStatistics[];
}

/** An architecture: what training knows of it. It holds no values. */
export interface Network {
  /** Frozen ones first. Names, shapes and order are part of the checkpoints' format. */
  readonly parameters: readonly Parameter[];
  /** Frozen ones first. */
  readonly batchNormalizations: readonly BatchNormalization[];
  /**
   * Images [N, S, S, 1] to logits. In training by the statistics of each batch, and differentiable by every parameter
   * that is not frozen; else, with `training` null, by the moving ones and without a gradient. The result belongs to the
   * current tf.tidy.
   */
  forward(images: Tensor4D, values: NetworkValues, training: TrainingPass | null): ForwardPass;
}

/** Numbers in the network, moving statistics included. */
export function countNumbers({ parameters, batchNormalizations }: Network): number {
  const trained = parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return trained + batchNormalizations.reduce((sum, { channels }) => sum + 2 * channels, 0);
}
