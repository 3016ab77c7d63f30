import { statelessUniform, type Seed } from '../engine/fused-operations.js';
import { tf, type Tensor, type Tensor1D } from '../engine/tfjs.js';
import { kernelShape, type Layer } from './mobilenet-v1/layers.js';
import type { PretrainedValues } from './mobilenet-v1/pretrained-weights.js';

/** All values a network starts from. The caller owns the tensors. */
export interface InitialValues {
  readonly parameters: Tensor[];
  /** Means [C₁ + C₂ + …] and variances of all batch normalisations, one after the other. */
  readonly movingMean: Tensor1D;
  readonly movingVariance: Tensor1D;
}

/**
 * Keras' initial values: Glorot-uniform kernels (Glorot and Bengio 2010), gamma 1, beta 0, bias 0, moving mean
 * 0 and variance 1. With `pretrained`, everything but the dense layer comes from there. `seedOf` a layer's place in the
 * network gives the seed of its kernel; the dense layer comes last.
 */
export function initialValues(
  layers: readonly Layer[],
  classes: number,
  seedOf: (layer: number) => Seed,
  pretrained: PretrainedValues | null,
): InitialValues {
  const features = layers.at(-1)!.outChannels;
  const parameters: Tensor[] = [];
  const means: Tensor1D[] = [];
  const variances: Tensor1D[] = [];
  for (const [index, layer] of layers.entries()) {
    const size = layer.outChannels;
    const given = pretrained?.get(layer.name);
    const shape = kernelShape(layer);
    parameters.push(
      given ? tf.tensor(given.kernel, shape) : glorotUniform(shape, seedOf(index)),
      given ? tf.tensor1d(given.gamma) : tf.ones([size]),
      given ? tf.tensor1d(given.beta) : tf.zeros([size]),
    );
    means.push(given ? tf.tensor1d(given.movingMean) : tf.zeros([size]));
    variances.push(given ? tf.tensor1d(given.movingVariance) : tf.ones([size]));
  }
  parameters.push(glorotUniform([features, classes], seedOf(layers.length)), tf.zeros([classes]));
  const movingMean = tf.concat(means);
  const movingVariance = tf.concat(variances);
  tf.dispose([means, variances]);
  return { parameters, movingMean, movingVariance };
}

function glorotUniform(shape: number[], seed: Seed): Tensor {
  const receptiveField = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  const [fanIn, fanOut] = shape.slice(-2).map((size) => size * receptiveField) as [number, number];
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return tf.tidy(() =>
    statelessUniform(shape, seed)
      .mul(2 * limit)
      .sub(limit),
  );
}
