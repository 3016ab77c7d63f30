/**
 * The network's operations by TensorFlow's own kernels, which it has for every device. Stock TensorFlow.js builds
 * a batch normalisation from some 60 calls and a ReLU6 from 15.
 */
import { differentiable } from './differentiable.js';
import {
  batchNormEpsilon,
  type BatchStatistics,
  type Clip,
  type ConvolutionLayer,
  type NetworkOperations,
} from './network-operations.js';
import { outliving } from './outliving.js';
import { execute, executeMany, flag, float32, integers, real, shapeTensor, text } from './raw-operations.js';
import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from './tfjs.js';

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
const averagingFactor = real('exponential_avg_factor', 1);

const relu6 = differentiable(([x], save) => {
  const y = execute('Relu6', [float32('T')], [x!]);
  save([y]);
  return { value: y, gradient: (dy, [y]) => [execute('Relu6Grad', [float32('T')], [dy, y!])] };
});

const clips: Readonly<Record<Clip, (x: Tensor) => Tensor>> = { none: (x) => x, relu6 };

function makeDepthwise(stride: number) {
  const attributes = convolution(stride);
  return differentiable(([x, kernel], save) => {
    save([x!, kernel!]);
    return {
      value: execute('DepthwiseConv2dNative', attributes, [x!, kernel!]),
      gradient: (dy, saved) => {
        const [x, kernel] = saved as [Tensor, Tensor];
        return [
          execute('DepthwiseConv2dNativeBackpropInput', attributes, [shapeTensor(x.shape), kernel, dy]),
          execute('DepthwiseConv2dNativeBackpropFilter', attributes, [x, shapeTensor(kernel.shape), dy]),
        ];
      },
    };
  });
}
const depthwiseByStride = { 1: makeDepthwise(1), 2: makeDepthwise(2) };

const imageConvolution = differentiable(([x, kernel], save) => {
  save([x!, kernel!]);
  const attributes = [...convolution(2), flag('use_cudnn_on_gpu', true)];
  return {
    value: execute('Conv2D', attributes, [x!, kernel!]),
    gradient: (dy, saved) => {
      const [x, kernel] = saved as [Tensor, Tensor];
      const filter = execute('Conv2DBackpropFilter', attributes, [x, shapeTensor(kernel.shape), dy]);
      return [tf.zerosLike(x), filter];
    },
  };
});

/** A matrix product beats Conv2D. */
const pointwiseConvolution = differentiable(([x, kernel], save) => {
  save([x!, kernel!]);
  const [channels, filters] = kernel!.shape as [number, number];
  const rows = x!.size / channels;
  return {
    value: product(x as Tensor4D, kernel as Tensor2D),
    gradient: (dy, saved) => {
      const [x, kernel] = saved as [Tensor, Tensor];
      const dyRows = dy.reshape([rows, filters]);
      return [
        execute('MatMul', matrixProduct(false, true), [dyRows, kernel]).reshape(x.shape),
        execute('MatMul', matrixProduct(true, false), [x.reshape([rows, channels]), dyRows]),
      ];
    },
  };
});

function product(x: Tensor4D, matrix: Tensor2D): Tensor4D {
  const [channels, filters] = matrix.shape;
  const rows = x.reshape([x.size / channels, channels]);
  const y = execute('MatMul', matrixProduct(false, false), [rows, matrix]);
  return y.reshape([...x.shape.slice(0, 3), filters] as [number, number, number, number]);
}

function convolve(x: Tensor4D, { kind, stride, kernel }: ConvolutionLayer): Tensor4D {
  switch (kind) {
    case 'image':
      return imageConvolution(x, kernel) as Tensor4D;
    case 'depthwise':
      return depthwiseByStride[stride](x, kernel) as Tensor4D;
    case 'pointwise':
      return pointwiseConvolution(x, kernel) as Tensor4D;
  }
}

/** By the batch's own statistics, which belong to the current tf.tidy like the result. */
function batchNorm(
  x: Tensor4D,
  { gamma, beta }: ConvolutionLayer,
): { y: Tensor4D; statistics: BatchStatistics } {
  return outliving((outlive) => {
    let statistics!: BatchStatistics;
    const normalize = differentiable(([x, gamma, beta], save) => {
      const inputs = [x!, gamma!, beta!, none, none];
      const attributes = [...batchNormAttributes(true), averagingFactor];
      const [y, mean, variance, ...reserved] = executeMany('FusedBatchNormV3', attributes, inputs, 6);
      const [batch, height, width] = (x as Tensor4D).shape;
      const count = batch * height * width;
      save([x!, gamma!, ...reserved]);
      statistics = {
        mean: outlive(mean as Tensor1D),
        variance: outlive(variance as Tensor1D),
        // The kernel gives the variance with Bessel's correction, that is times count / (count − 1).
        correction: (count - 1) / count,
      };
      return {
        value: y!,
        gradient: (dy, [x, gamma, ...reserved]) =>
          executeMany(
            'FusedBatchNormGradV3',
            batchNormAttributes(true),
            [dy, x!, gamma!, ...reserved],
            5,
          ).slice(0, 3),
      };
    });
    return { y: normalize(x, gamma, beta) as Tensor4D, statistics };
  });
}

function batchNormInference(
  x: Tensor4D,
  { gamma, beta }: ConvolutionLayer,
  mean: Tensor,
  variance: Tensor,
): Tensor4D {
  return tf.tidy(() => {
    const attributes = [...batchNormAttributes(false), averagingFactor];
    return executeMany('FusedBatchNormV3', attributes, [x, gamma, beta, mean, variance], 6)[0] as Tensor4D;
  });
}

export const stockOperations: NetworkOperations = {
  convolutions: (x, layers) => {
    const statistics: BatchStatistics[] = [];
    const y = layers.reduce((x, layer) => {
      const z = convolve(x, layer);
      if (layer.given)
        return clips[layer.clip](
          batchNormInference(z, layer, layer.given.mean, layer.given.variance),
        ) as Tensor4D;
      const normalized = batchNorm(z, layer);
      statistics.push(normalized.statistics);
      return clips[layer.clip](normalized.y) as Tensor4D;
    }, x);
    return { y, statistics };
  },
  supports: (precision) => precision === 'float32',
  product,
};
