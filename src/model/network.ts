import type { BatchStatistics, NetworkOperations } from '../engine/network-operations.js';
import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '../engine/tfjs.js';
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

/** Normalises a layer's output and clips it; `index` is the layer's place in the network. */
type Normalize = (x: Tensor4D, gamma: Tensor1D, beta: Tensor1D, index: number) => Tensor4D;

/**
 * MobileNet v1 with global average pooling and a dense layer: images [N, S, S, 1] → logits [N, K]. The three
 * input channels of the published network are equal for a grey image, so the first convolution runs on one
 * channel with its kernels summed: the same function at a third of the work.
 */
function forward(
  operations: NetworkOperations,
  images: Tensor4D,
  layers: readonly Layer[],
  parameters: ParameterTensors,
  normalize: Normalize,
  dropout: (features: Tensor2D) => Tensor2D,
): Tensor2D {
  let x = images;
  for (const [index, layer] of layers.entries()) {
    const [kernel, gamma, beta] = parameters.slice(3 * index, 3 * index + 3) as [Tensor, Tensor1D, Tensor1D];
    x = normalize(convolve(operations, x, layer, kernel), gamma, beta, index); // [N, H, W, outChannels]
  }
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

/** Logits [N, K] of a training step; the statistics of each batch normalisation are handed over in order. */
export function trainingLogits(
  operations: NetworkOperations,
  images: Tensor4D,
  layers: readonly Layer[],
  parameters: ParameterTensors,
  dropout: (features: Tensor2D) => Tensor2D,
  keepStatistics: (statistics: BatchStatistics) => void,
): Tensor2D {
  const normalize: Normalize = (x, gamma, beta) => operations.batchNormRelu6(x, gamma, beta, keepStatistics);
  return forward(operations, images, layers, parameters, normalize, dropout);
}

/** Logits [N, K] by the moving statistics: one vector [C₁ + C₂ + …] of means and one of variances. */
export function inferenceLogits(
  operations: NetworkOperations,
  images: Tensor4D,
  layers: readonly Layer[],
  parameters: ParameterTensors,
  movingMean: Tensor1D,
  movingVariance: Tensor1D,
): Tensor2D {
  const channels = layers.map((layer) => layer.outChannels);
  const means = tf.split<Tensor1D>(movingMean, channels);
  const variances = tf.split<Tensor1D>(movingVariance, channels);
  const normalize: Normalize = (x, gamma, beta, index) =>
    operations.batchNormRelu6Inference(x, gamma, beta, means[index]!, variances[index]!);
  return forward(operations, images, layers, parameters, normalize, (features) => features);
}
