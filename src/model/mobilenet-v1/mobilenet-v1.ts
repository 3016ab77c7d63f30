import { deviceOperations } from '../../engine/device-operations.js';
import type { Precision } from '../../engine/network-operations.js';
import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '../../engine/tfjs.js';
import type { Network, NetworkValues, Parameter } from '../network.js';
import { frozenLayers, kernelShape, mobilenetLayers, type Layer } from './layers.js';

export interface MobilenetSettings {
  /** Width multiplier. */
  readonly alpha: number;
  /** 0: none; n: the first convolution and the first n of the 13 blocks. */
  readonly frozenBlocks: number;
  readonly classes: number;
  readonly precision: Precision;
}

/** MobileNet v1 (Howard et al. 2017): 27 convolutions, global average pooling and a dense layer. */
export function mobilenetV1({ alpha, frozenBlocks, classes, precision }: MobilenetSettings): Network {
  const layers = mobilenetLayers(alpha);
  const frozen = frozenLayers(frozenBlocks);
  const features = layers.at(-1)!.outChannels;
  const channels = layers.map(({ outChannels }) => outChannels);
  return {
    parameters: [
      ...layers.flatMap((layer, index) => parametersOf(layer, index < frozen)),
      { name: 'dense/kernel', shape: [features, classes], initial: 'glorotUniform', frozen: false },
      { name: 'dense/bias', shape: [classes], initial: 'zeros', frozen: false },
    ],
    batchNormalizations: layers.map((layer) => ({ name: `${layer.name}_bn`, channels: layer.outChannels })),

    forward(images, values, training) {
      const parameter = (name: string) => parameterOf(values, name);
      const means = tf.split<Tensor1D>(values.movingMean, channels);
      const variances = tf.split<Tensor1D>(values.movingVariance, channels);
      const { y, statistics } = deviceOperations.convolutions(
        images,
        layers.map((layer, index) => ({
          kind: layer.kind,
          stride: layer.stride,
          kernel: kernelFor(images, layer, parameter(`${layer.name}/kernel`)),
          gamma: parameter(`${layer.name}_bn/gamma`) as Tensor1D,
          beta: parameter(`${layer.name}_bn/beta`) as Tensor1D,
          clip: 'relu6',
          precision,
          given: training && index >= frozen ? null : { mean: means[index]!, variance: variances[index]! },
        })),
      );
      const pooled = y.mean<Tensor2D>([1, 2]); // [N, C]
      const seen = training ? training.changeFeatures(pooled) : pooled;
      const logits = seen.matMul(parameter('dense/kernel')).add<Tensor2D>(parameter('dense/bias'));
      return { logits, statistics };
    },
  };
}

function parametersOf(layer: Layer, frozen: boolean): Parameter[] {
  const shape = [layer.outChannels];
  return [
    { name: `${layer.name}/kernel`, shape: kernelShape(layer), initial: 'glorotUniform', frozen },
    { name: `${layer.name}_bn/gamma`, shape, initial: 'ones', frozen },
    { name: `${layer.name}_bn/beta`, shape, initial: 'zeros', frozen },
  ];
}

function parameterOf({ parameters }: NetworkValues, name: string): Tensor {
  const parameter = parameters.get(name);
  if (parameter === undefined) throw new RangeError(`Expected a parameter named ${name}`);
  return parameter;
}

/**
 * The three input channels of the published network are equal for a grey image, so the first convolution of images with
 * one channel runs on that, with its kernels summed: the same function at a third of the work.
 */
function kernelFor(images: Tensor4D, layer: Layer, kernel: Tensor): Tensor {
  return layer.kind === 'image' && images.shape[3] === 1 ? kernel.sum(2, true) : kernel;
}
