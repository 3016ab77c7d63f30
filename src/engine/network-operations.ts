import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from './tfjs.js';

/** Mean and variance [C] of one batch; variance × correction is the biased one, as Keras averages it. */
export interface BatchStatistics {
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
  readonly correction: number;
}

/** What bounds the result of a batch normalisation: nothing (a linear bottleneck), or 0 and 6. */
export type Clip = 'none' | 'relu6';

/** A convolution, padded `same`, its batch normalisation (Ioffe and Szegedy 2015), and the clip of its result. */
export interface ConvolutionLayer {
  readonly kind: 'image' | 'depthwise' | 'pointwise';
  /** Of `image` 2, of `pointwise` 1. */
  readonly stride: 1 | 2;
  /** image [3, 3, C, F], depthwise [3, 3, C, 1] with F = C, pointwise (1×1) [C, F] */
  readonly kernel: Tensor;
  /** [F] */
  readonly gamma: Tensor1D;
  readonly beta: Tensor1D;
  readonly clip: Clip;
  readonly precision: Precision;
  /** Mean and biased variance [F] to normalise by. Null: those of the batch, and the layer trains. */
  readonly given: { readonly mean: Tensor1D; readonly variance: Tensor1D } | null;
}

/** Of the numbers that pointwise convolutions multiply; sums are float32. */
export type Precision = 'float32' | 'bfloat16';

export interface ConvolvedBatch {
  /** [N, ⌈H/s⌉, ⌈W/s⌉, F] of the last layer; s: the product of the strides. */
  readonly y: Tensor4D;
  /** Of each layer that trains, in order. */
  readonly statistics: readonly BatchStatistics[];
}

/** What a MobileNet is made of, by the fastest kernels that a device has. */
export interface NetworkOperations {
  /**
   * x [N, H, W, C] through layers one after the other, those that do not train first. Differentiable by kernel, gamma and
   * beta of the others, not by x. The result and the statistics belong to the current tf.tidy.
   */
  convolutions(x: Tensor4D, layers: readonly ConvolutionLayer[]): ConvolvedBatch;

  /** Whether the device can multiply such numbers. */
  supports(precision: Precision): boolean;

  /** x [N, H, W, C] · matrix [C, F] → [N, H, W, F], without a gradient. */
  product(x: Tensor4D, matrix: Tensor2D): Tensor4D;
}

/** Added to the variance: Keras' MobileNet. native/support/normalization.cc has the same. */
export const batchNormEpsilon = 1e-3;
