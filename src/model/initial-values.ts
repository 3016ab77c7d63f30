import { statelessUniform, type Seed } from '../engine/fused-operations.js';
import { tf, type Rank, type Tensor, type Tensor1D } from '../engine/tfjs.js';
import type { Network, NetworkValues, Parameter } from './network.js';

/**
 * Numbers in row-major order, by the names of parameters, and of the moving statistics of batch normalisations:
 * `conv1/kernel`, `conv1_bn/gamma`, `conv1_bn/moving_mean`, `conv1_bn/moving_variance`.
 */
export type PretrainedValues = ReadonlyMap<string, Float32Array>;

/**
 * Keras' initial values: Glorot-uniform kernels (Glorot and Bengio 2010), gamma 1, beta 0, bias 0, moving mean
 * 0 and variance 1. What `pretrained` names comes from there. `seedOf` a kernel's place among the kernels gives its
 * seed. The caller owns the tensors.
 */
export function initialValues(
  { parameters, batchNormalizations }: Network,
  seedOf: (kernel: number) => Seed,
  pretrained: PretrainedValues | null,
): NetworkValues {
  const kernels = parameters.filter(({ initial }) => initial === 'glorotUniform');
  const create = (parameter: Parameter): Tensor => {
    const { name, initial } = parameter;
    const shape = [...parameter.shape];
    const given = pretrained?.get(name);
    if (given) return tf.tensor(given, shape);
    if (initial === 'glorotUniform') return glorotUniform(shape, seedOf(kernels.indexOf(parameter)));
    return initial === 'ones' ? tf.ones(shape) : tf.zeros(shape);
  };
  const statistics = (of: 'moving_mean' | 'moving_variance', initial: number) =>
    tf.concat<Tensor1D>(
      batchNormalizations.map(({ name, channels }) => {
        const given = pretrained?.get(`${name}/${of}`);
        return given ? tf.tensor1d(given) : tf.fill<Rank.R1>([channels], initial);
      }),
    );
  const { created, movingMean, movingVariance } = tf.tidy(() => ({
    created: parameters.map(create),
    movingMean: statistics('moving_mean', 0),
    movingVariance: statistics('moving_variance', 1),
  }));
  const named = new Map(parameters.map(({ name }, index) => [name, created[index]!]));
  return { parameters: named, movingMean, movingVariance };
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
