import type { Tensor1D, Tensor2D, Tensor4D } from './tfjs.js';

/** Mean and variance [C] of one batch; variance × correction is the biased one, as Keras averages it. */
export interface BatchStatistics {
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
  readonly correction: number;
}

/** What bounds the result of a batch normalisation: nothing (a linear bottleneck), or 0 and 6. */
export type Clip = 'none' | 'relu6';

export interface NormalizedBatch {
  /** [N, H, W, C] */
  readonly y: Tensor4D;
  readonly statistics: BatchStatistics;
}

/**
 * What a MobileNet is made of, in a form that has one kernel an operation. All but the last are differentiable.
 * Convolutions are padded `same`.
 */
export interface NetworkOperations {
  /**
   * The network's first convolution, stride 2: x [N, H, W, C], kernel [3, 3, C, F] → [N, ⌈H/2⌉, ⌈W/2⌉, F]. Its
   * gradient with respect to `x` is not computed (it is zero).
   */
  imageConvolution(x: Tensor4D, kernel: Tensor4D): Tensor4D;

  /** x [N, H, W, C], kernel [3, 3, C, 1] → [N, ⌈H/stride⌉, ⌈W/stride⌉, C]. */
  depthwiseConvolution(x: Tensor4D, kernel: Tensor4D, stride: 1 | 2): Tensor4D;

  /** 1×1 convolution: x [N, H, W, C], kernel [C, F] → [N, H, W, F]. */
  pointwiseConvolution(x: Tensor4D, kernel: Tensor2D): Tensor4D;

  /**
   * Batch normalisation (Ioffe and Szegedy 2015) by the batch's own statistics, then the clip: x [N, H, W, C], gamma
   * and beta [C]. The result and the statistics belong to the current tf.tidy.
   */
  batchNorm(x: Tensor4D, gamma: Tensor1D, beta: Tensor1D, clip: Clip): NormalizedBatch;

  /** The same by given statistics [C], the variance biased; without a gradient. */
  batchNormInference(
    x: Tensor4D,
    gamma: Tensor1D,
    beta: Tensor1D,
    mean: Tensor1D,
    variance: Tensor1D,
    clip: Clip,
  ): Tensor4D;
}

/** Added to the variance: Keras' MobileNet. native/kernels/batch_norm.cc has the same. */
export const batchNormEpsilon = 1e-3;
