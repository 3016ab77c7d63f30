import type { BatchStatistics, NetworkOperations } from '../../engine/network-operations.js';
import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '../../engine/tfjs.js';
import type { Layer } from './layers.js';

/** Values of all trainable parameters in the order of `parameterNames`. */
export type ParameterTensors = readonly Tensor[];

/** `conv1/kernel`, `conv1_bn/gamma`, `conv1_bn/beta`, `conv_dw_1/kernel`, …, `dense/kernel`, `dense/bias`. */
export function parameterNames(layers: readonly Layer[]): string[] {
  return [
    ...layers.flatMap(({ name }) => [`${name}/kernel`, `${name}_bn/gamma`, `${name}_bn/beta`]),
    'dense/kernel',
    'dense/bias',
  ];
}

/** Parameters of one layer: kernel, gamma, beta. */
export const parametersPerLayer = 3;

/** Normalises a layer's output and clips it; `index` is the layer's place in the network. */
type Normalize = (x: Tensor4D, gamma: Tensor1D, beta: Tensor1D, index: number) => Tensor4D;

/**
 * Some layers of MobileNet v1, one after the other: x [N, H, W, C] → [N, H', W', C'], with their parameters. The three input channels of the published network are equal for a grey image, so the first convolution runs on one
 * channel with its kernels summed: the same function at a third of the work.
 */
function runLayers(
  operations: NetworkOperations,
  images: Tensor4D,
  layers: readonly Layer[],
  parameters: ParameterTensors,
  normalize: Normalize,
): Tensor4D {
  let x = images;
  for (const [index, layer] of layers.entries()) {
    const [kernel, gamma, beta] = parameters.slice(
      parametersPerLayer * index,
      parametersPerLayer * (index + 1),
    ) as [Tensor, Tensor1D, Tensor1D];
    x = normalize(convolve(operations, x, layer, kernel), gamma, beta, index);
  }
  return x;
}

/** Global average pooling and a dense layer: x [N, H, W, C] → logits [N, K]. */
function classify(
  x: Tensor4D,
  parameters: ParameterTensors,
  dropout: (features: Tensor2D) => Tensor2D,
): Tensor2D {
  const features = dropout(x.mean([1, 2])); // [N, C]
  const [kernel, bias] = parameters.slice(-2) as [Tensor2D, Tensor1D];
  return features.matMul(kernel).add(bias);
}

function convolve(operations: NetworkOperations, x: Tensor4D, layer: Layer, kernel: Tensor): Tensor4D {
  switch (layer.kind) {
    case 'image':
      return operations.imageConvolution(x, kernel.sum(2, true)); // [3, 3, 3, F] → [3, 3, 1, F]
    case 'depthwise':
      return operations.depthwiseConvolution(x, kernel as Tensor4D, layer.stride);
    case 'pointwise':
      return operations.pointwiseConvolution(x, kernel as Tensor2D);
  }
}

/**
 * Logits [N, K] of a training step. The layers are those that train, `features` what the ones before them made of the
 * images; the statistics of each batch normalisation are handed over in order.
 */
export function trainingLogits(
  operations: NetworkOperations,
  features: Tensor4D,
  layers: readonly Layer[],
  parameters: ParameterTensors,
  dropout: (features: Tensor2D) => Tensor2D,
  keepStatistics: (statistics: BatchStatistics) => void,
): Tensor2D {
  const normalize: Normalize = (x, gamma, beta) => operations.batchNormRelu6(x, gamma, beta, keepStatistics);
  return classify(runLayers(operations, features, layers, parameters, normalize), parameters, dropout);
}

/** Means and variances of all batch normalisations, each [C₁ + C₂ + …]. */
export interface MovingStatistics {
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

/** What the first `count` layers make of images [N, S, S, 1], by the moving statistics: [N, H, W, C]. */
export function inferenceFeatures(
  operations: NetworkOperations,
  images: Tensor4D,
  layers: readonly Layer[],
  parameters: ParameterTensors,
  { mean, variance }: MovingStatistics,
  count: number,
): Tensor4D {
  const channels = layers.map((layer) => layer.outChannels);
  const means = tf.split<Tensor1D>(mean, channels);
  const variances = tf.split<Tensor1D>(variance, channels);
  const normalize: Normalize = (x, gamma, beta, index) =>
    operations.batchNormRelu6Inference(x, gamma, beta, means[index]!, variances[index]!);
  return runLayers(operations, images, layers.slice(0, count), parameters, normalize);
}

/** Logits [N, K] of images [N, S, S, 1] by the moving statistics. */
export function inferenceLogits(
  operations: NetworkOperations,
  images: Tensor4D,
  layers: readonly Layer[],
  parameters: ParameterTensors,
  statistics: MovingStatistics,
): Tensor2D {
  const features = inferenceFeatures(operations, images, layers, parameters, statistics, layers.length);
  return classify(features, parameters, (pooled) => pooled);
}
