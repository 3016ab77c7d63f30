/**
 * Operations that TensorFlow has as one kernel and that TensorFlow.js builds from many: each is an ordinary
 * differentiable function here. Stock tfjs takes some 60 calls for a batch normalisation and 15 for a ReLU6.
 */
import {
  execute,
  executeMany,
  flag,
  float32,
  int32,
  integers,
  real,
  shapeTensor,
  text,
} from './raw-operations.js';
import { tf, type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from './tfjs.js';

const batchNormEpsilon = 1e-3; // Keras' MobileNet
const none = tf.keep(tf.tensor1d([], 'float32'));

const convolution = (stride: number) => [
  float32('T'),
  integers('strides', [1, stride, stride, 1]),
  text('padding', 'SAME'),
  text('data_format', 'NHWC'),
  integers('dilations', [1, 1, 1, 1]),
  integers('explicit_paddings', []),
];
const matrixProduct = (transposeA: boolean, transposeB: boolean) => [
  float32('T'),
  flag('transpose_a', transposeA),
  flag('transpose_b', transposeB),
];
const batchNormAttributes = (training: boolean) => [
  float32('T'),
  float32('U'),
  real('epsilon', batchNormEpsilon),
  text('data_format', 'NHWC'),
  flag('is_training', training),
];

type Gradient = (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[];
type Forward = (...inputsAndSave: [...Tensor[], (tensors: Tensor[]) => void]) => {
  value: Tensor;
  gradFunc: Gradient;
};

/** tf.customGrad with types that admit several inputs. */
const differentiable = (forward: Forward) => tf.customGrad(forward as Parameters<typeof tf.customGrad>[0]);

/** min(max(x, 0), 6), any shape. */
export const relu6 = differentiable(((x: Tensor, save: (tensors: Tensor[]) => void) => {
  const y = execute('Relu6', [float32('T')], [x]);
  save([y]);
  return {
    value: y,
    gradFunc: (dy: Tensor, [y]: Tensor[]) => execute('Relu6Grad', [float32('T')], [dy, y!]),
  };
}) as unknown as Forward) as (x: Tensor4D) => Tensor4D;

function makeDepthwise(stride: number) {
  return differentiable(((x: Tensor, kernel: Tensor, save: (tensors: Tensor[]) => void) => {
    save([x, kernel]);
    return {
      value: execute('DepthwiseConv2dNative', convolution(stride), [x, kernel]),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [x, kernel] = saved as [Tensor, Tensor];
        return [
          execute('DepthwiseConv2dNativeBackpropInput', convolution(stride), [
            shapeTensor(x.shape),
            kernel,
            dy,
          ]),
          execute('DepthwiseConv2dNativeBackpropFilter', convolution(stride), [
            x,
            shapeTensor(kernel.shape),
            dy,
          ]),
        ];
      },
    };
  }) as unknown as Forward);
}
const depthwiseByStride = { 1: makeDepthwise(1), 2: makeDepthwise(2) };

/** Depthwise convolution, padded `same`: x [N, H, W, C], kernel [h, w, C, 1] → [N, ⌈H/stride⌉, ⌈W/stride⌉, C]. */
export function depthwiseConvolution(x: Tensor4D, kernel: Tensor4D, stride: 1 | 2): Tensor4D {
  return depthwiseByStride[stride](x, kernel) as Tensor4D;
}

const convolve = differentiable(((x: Tensor, kernel: Tensor, save: (tensors: Tensor[]) => void) => {
  save([x, kernel]);
  const attributes = [...convolution(2), flag('use_cudnn_on_gpu', true)];
  return {
    value: execute('Conv2D', attributes, [x, kernel]),
    gradFunc: (dy: Tensor, saved: Tensor[]) => {
      const [x, kernel] = saved as [Tensor, Tensor];
      // The input is an image: nobody asks for its gradient, and computing it would cost as much as the kernel's.
      return [
        tf.zerosLike(x),
        execute('Conv2DBackpropFilter', attributes, [x, shapeTensor(kernel.shape), dy]),
      ];
    },
  };
}) as unknown as Forward);

/**
 * The network's first convolution, stride 2, padded `same`: x [N, H, W, C], kernel [3, 3, C, F]
 * → [N, ⌈H/2⌉, ⌈W/2⌉, F]. Its gradient with respect to `x` is not computed (it is zero).
 */
export function imageConvolution(x: Tensor4D, kernel: Tensor4D): Tensor4D {
  return convolve(x, kernel) as Tensor4D;
}

const multiply = differentiable(((x: Tensor, kernel: Tensor, save: (tensors: Tensor[]) => void) => {
  save([x, kernel]);
  return {
    value: execute('MatMul', matrixProduct(false, false), [x, kernel]),
    gradFunc: (dy: Tensor, saved: Tensor[]) => {
      const [x, kernel] = saved as [Tensor, Tensor];
      return [
        execute('MatMul', matrixProduct(false, true), [dy, kernel]),
        execute('MatMul', matrixProduct(true, false), [x, dy]),
      ];
    },
  };
}) as unknown as Forward);

/** Matrix product: a [N, K], b [K, M] → [N, M]. */
export function matrixMultiply(a: Tensor2D, b: Tensor2D): Tensor2D {
  return multiply(a, b) as Tensor2D;
}

/** 1×1 convolution: x [N, H, W, C], kernel [C, F] → [N, H, W, F]. A matrix product beats Conv2D on CPUs. */
export function pointwiseConvolution(x: Tensor4D, kernel: Tensor2D): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const rows = x.reshape<Tensor2D>([batch * height * width, channels]); // [N·H·W, C]
  return matrixMultiply(rows, kernel).reshape([batch, height, width, kernel.shape[1]]);
}

/** Mean and variance [C] of one batch; `count` is the number of values behind each. */
export interface BatchStatistics {
  readonly mean: Tensor1D;
  /** With Bessel's correction, as TensorFlow's kernel gives it: the biased variance times count / (count − 1). */
  readonly unbiasedVariance: Tensor1D;
  readonly count: number;
}

/**
 * Batch normalisation by the batch's own statistics: x [N, H, W, C], gamma and beta [C]. The statistics are
 * handed to `keepStatistics`, which owns (and must dispose of) their tensors.
 */
export function batchNormTraining(
  x: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  keepStatistics: (statistics: BatchStatistics) => void,
): Tensor4D {
  const attributes = [...batchNormAttributes(true), real('exponential_avg_factor', 1)];
  const normalize = differentiable(((
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    save: (tensors: Tensor[]) => void,
  ) => {
    const [y, mean, variance, ...reserved] = executeMany(
      'FusedBatchNormV3',
      attributes,
      [x, gamma, beta, none, none],
      6,
    );
    const [batch, height, width] = (x as Tensor4D).shape;
    keepStatistics({
      mean: tf.keep(mean as Tensor1D),
      unbiasedVariance: tf.keep(variance as Tensor1D),
      count: batch * height * width,
    });
    save([x, gamma, ...reserved]);
    return {
      value: y!,
      gradFunc: (dy: Tensor, [x, gamma, ...reserved]: Tensor[]) =>
        executeMany(
          'FusedBatchNormGradV3',
          batchNormAttributes(true),
          [dy, x!, gamma!, ...reserved],
          5,
        ).slice(0, 3),
    };
  }) as unknown as Forward);
  return normalize(x, gamma, beta) as Tensor4D;
}

/** Batch normalisation by given statistics [C], without a gradient: x [N, H, W, C]. */
export function batchNormInference(
  x: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  mean: Tensor1D,
  variance: Tensor1D,
): Tensor4D {
  const attributes = [...batchNormAttributes(false), real('exponential_avg_factor', 1)];
  const [y, ...rest] = executeMany('FusedBatchNormV3', attributes, [x, gamma, beta, mean, variance], 6);
  tf.dispose(rest);
  return y as Tensor4D;
}

/** Mean cross-entropy, nats: logits [N, K] against class numbers [N] (int32). */
export function sparseSoftmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar {
  const loss = differentiable(((logits: Tensor, save: (tensors: Tensor[]) => void) => {
    const [losses, gradient] = executeMany(
      'SparseSoftmaxCrossEntropyWithLogits',
      [float32('T'), int32('Tlabels')],
      [logits, labels],
      2,
    ) as [Tensor, Tensor];
    save([gradient]);
    return {
      value: losses.mean(),
      gradFunc: (dy: Tensor, saved: Tensor[]) => saved[0]!.mul(dy.div(logits.shape[0])),
    };
  }) as unknown as Forward);
  return loss(logits) as Scalar;
}

/** Uniform numbers in [0, 1), a pure function of the seed: the same on every run of one engine. */
export function statelessUniform<T extends Tensor = Tensor>(
  dimensions: readonly number[],
  seed: readonly [number, number],
): T {
  const seedTensor = tf.tensor1d([...seed], 'int32');
  const numbers = execute<T>(
    'StatelessRandomUniform',
    [int32('T'), float32('dtype'), int32('Tseed')],
    [shapeTensor(dimensions), seedTensor],
  );
  seedTensor.dispose();
  return numbers;
}

/** Bilinear resize with half-pixel centres, as tf.image.resize: x [N, h, w, C] → [N, size, size, C]. */
export function resizeBilinear(x: Tensor4D, size: number): Tensor4D {
  return execute<Tensor4D>(
    'ResizeBilinear',
    [float32('T'), flag('align_corners', false), flag('half_pixel_centers', true)],
    [x, shapeTensor([size, size])],
  );
}
