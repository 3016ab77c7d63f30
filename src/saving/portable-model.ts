import { kernelShape, mobilenetLayers, type Layer } from '../model/mobilenet-v1/layers.js';
import type { ModelCard } from './model-card.js';
import type { NamedTensor } from './networks/safetensors.js';

/** Convolution without bias, padded `same`, batch normalisation and ReLU6. */
export interface PortableLayer extends Layer {
  /** Row by row, [3, 3, inChannels, outChannels], [3, 3, inChannels, 1] or [1, 1, inChannels, outChannels]. */
  readonly kernel: Kernel;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

interface Kernel {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A trained network as the formats write it: the input as its card says, layers, the mean over all places, dense, softmax. */
export interface PortableModel {
  readonly card: ModelCard;
  readonly layers: readonly PortableLayer[];
  /** Added to the variance. */
  readonly epsilon: number;
  readonly dense: { readonly kernel: Kernel; readonly bias: Float32Array };
  /** All of it as training has it. */
  readonly tensors: readonly NamedTensor[];
}

/**
 * @param tensors as `EpochNetwork` has them
 * @throws RangeError where they are not those of the card's network
 */
export function portableModel(card: ModelCard, tensors: readonly NamedTensor[]): PortableModel {
  const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const valuesOf = (name: string, size: number): Float32Array => {
    const values = named.get(name)?.values;
    if (values?.length !== size) throw new RangeError(`Expected a tensor ${name} of size ${size}`);
    return values;
  };
  const layers = mobilenetLayers(card.trial.params.alpha).map((layer): PortableLayer => {
    const shape = kernelShape(layer);
    const values = valuesOf(
      `${layer.name}/kernel`,
      shape.reduce((a, b) => a * b),
    );
    const bn = (name: string) => valuesOf(`${layer.name}_bn/${name}`, layer.outChannels);
    return {
      ...layer,
      ...(layer.kind === 'image' ? { inChannels: card.input.channels } : {}),
      kernel: portableKernel(layer, values, card.input.channels),
      gamma: bn('gamma'),
      beta: bn('beta'),
      mean: bn('moving_mean'),
      variance: bn('moving_variance'),
    };
  });
  const classes = card.classes.length;
  const features = layers.at(-1)!.outChannels;
  return {
    card,
    layers,
    epsilon: 1e-3, // as engine/network-operations.ts has it, which computes with it
    dense: {
      kernel: { shape: [features, classes], values: valuesOf('dense/kernel', features * classes) },
      bias: valuesOf('dense/bias', classes),
    },
    tensors,
  };
}

function portableKernel(layer: Layer, values: Float32Array, channels: 1 | 3): Kernel {
  const shape = kernelShape(layer);
  switch (layer.kind) {
    case 'depthwise':
      return { shape, values };
    case 'pointwise':
      return { shape: [1, 1, ...shape], values };
    case 'image':
      return channels === 3 ? { shape, values } : sumOfChannels(values, layer);
  }
}

/** A grey image has three equal channels: the kernels' sum over them does the same. */
function sumOfChannels(values: Float32Array, { inChannels, outChannels }: Layer): Kernel {
  const summed = new Float32Array(9 * outChannels);
  for (let place = 0; place < 9; place++)
    for (let channel = 0; channel < inChannels; channel++)
      for (let filter = 0; filter < outChannels; filter++)
        summed[place * outChannels + filter]! +=
          values[(place * inChannels + channel) * outChannels + filter]!;
  return { shape: [3, 3, 1, outChannels], values: summed };
}
