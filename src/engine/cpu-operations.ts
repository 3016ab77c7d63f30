/**
 * The network's operations on a CPU, by kernels of our own (src/native, compiled into the binding): fewer and
 * faster ones than TensorFlow's, whose wheel is compiled for processors of 2011. The same functions as in
 * stock-operations.ts, to rounding.
 */
import { differentiable } from './differentiable.js';
import type { BatchStatistics, Clip, ConvolutionLayer, NetworkOperations } from './network-operations.js';
import { outliving } from './outliving.js';
import { execute, executeMany, integer } from './raw-operations.js';
import { tf, type Tensor, type Tensor1D, type Tensor4D } from './tfjs.js';

/** What a convolution is given: z of the one before, whose normalisation it computes as it reads; y itself in the beginning. */
interface Unnormalized {
  readonly z: Tensor;
  /** mean, variance, gamma, beta [C]; [0] where z is y */
  readonly normalization: readonly Tensor[];
  readonly clip: Clip;
}

const nothing = tf.keep(tf.tensor1d([]));
const asItIs = (y: Tensor): Unnormalized => ({ z: y, normalization: Array(4).fill(nothing), clip: 'none' });

/** As native/support/normalization.h counts them. */
const clips: Readonly<Record<Clip, number>> = { none: 0, relu6: 1 };

const operations = {
  image: 'RunnerImageConvolution',
  depthwise: 'RunnerDepthwise',
  pointwise: 'RunnerPointwise',
} as const;

/** Of a depthwise or a pointwise convolution. */
const ownAttribute = ({ kind, stride, precision }: ConvolutionLayer) =>
  kind === 'depthwise' ? integer('stride', stride) : integer('rounded', precision === 'bfloat16' ? 1 : 0);

/** z of a layer, and its mean and variance [F] over the batch. */
function convolve(
  input: Unnormalized,
  layer: ConvolutionLayer,
): [z: Tensor, mean: Tensor1D, variance: Tensor1D] {
  const { kind, kernel } = layer;
  const [attributes, inputs] =
    kind === 'image'
      ? [[], [input.z, kernel]]
      : [
          [integer('clip', clips[input.clip]), ownAttribute(layer)],
          [input.z, ...input.normalization, kernel],
        ];
  return executeMany(operations[kind], attributes, inputs, 3) as [Tensor, Tensor1D, Tensor1D];
}

/**
 * From the gradient dy of a layer's result, and those of its gamma and beta: that of the kernel; of its input's y, and of
 * the gamma and beta [C] that made this of z, which the first convolution does without.
 */
function differentiate(
  input: Unnormalized,
  layer: ConvolutionLayer,
  output: Unnormalized,
  dGamma: Tensor,
  dBeta: Tensor,
  dy: Tensor,
): [dKernel: Tensor, dInput: Tensor, dInputGamma: Tensor, dInputBeta: Tensor] | [dKernel: Tensor] {
  const gradients = [output.z, ...output.normalization, dGamma, dBeta, dy];
  const operation = `${operations[layer.kind]}Gradient`;
  if (layer.kind === 'image') {
    const attributes = [integer('clip', clips[output.clip])];
    return [execute(operation, attributes, [input.z, ...gradients])];
  }
  const attributes = [
    integer('clip', clips[input.clip]),
    integer('z_clip', clips[output.clip]),
    ownAttribute(layer),
  ];
  const inputs = [input.z, ...input.normalization, layer.kernel, ...gradients];
  const [dInput, dKernel, dInputGamma, dInputBeta] = executeMany(operation, attributes, inputs, 4);
  return [dKernel!, dInput!, dInputGamma!, dInputBeta!];
}

const normalizeAttributes = ({ clip }: Unnormalized) => [integer('clip', clips[clip])];
const normalize = (last: Unnormalized) =>
  execute<Tensor4D>('RunnerNormalize', normalizeAttributes(last), [last.z, ...last.normalization]);

/** The layers that do not train: what the next is given. */
function convolveAsGiven(x: Tensor4D, layers: readonly ConvolutionLayer[]): Unnormalized {
  return layers.reduce<Unnormalized>((input, layer) => {
    const [z, ...batch] = convolve(input, layer);
    tf.dispose(input.z === x ? batch : [...batch, input.z]);
    const { mean, variance } = layer.given!;
    return { z, normalization: [mean, variance, layer.gamma, layer.beta], clip: layer.clip };
  }, asItIs(x));
}

/** The layers that train. */
function convolveTraining(
  input: Unnormalized,
  layers: readonly ConvolutionLayer[],
  outlive: <T extends Tensor>(tensor: T) => T,
) {
  const statistics: BatchStatistics[] = [];
  const chain = differentiable((parameters, save) => {
    const saved: Tensor[] = [input.z, ...input.normalization, ...parameters];
    let given = input;
    for (const layer of layers) {
      const [z, mean, variance] = convolve(given, layer);
      statistics.push({ mean: outlive(mean), variance: outlive(variance), correction: 1 });
      saved.push(z, mean, variance);
      given = { z, normalization: [mean, variance, layer.gamma, layer.beta], clip: layer.clip };
    }
    save(saved);
    return {
      value: normalize(given),
      gradient: (dy, saved) => differentiateAll(input.clip, layers, saved, dy),
    };
  });
  const y = chain(...layers.flatMap(({ kernel, gamma, beta }) => [kernel, gamma, beta])) as Tensor4D;
  return { y, statistics };
}

/** Of kernel, gamma and beta of each layer, in order; `saved` is what `convolveTraining` saves. */
function differentiateAll(
  firstClip: Clip,
  layers: readonly ConvolutionLayer[],
  saved: readonly Tensor[],
  dLast: Tensor,
): Tensor[] {
  const [first, ...rest] = saved;
  const parameters = rest.slice(4, 4 + 3 * layers.length);
  const results = rest.slice(4 + 3 * layers.length);
  const inputs: Unnormalized[] = [{ z: first!, normalization: rest.slice(0, 4), clip: firstClip }];
  for (const [index, { clip }] of layers.entries()) {
    const [, gamma, beta] = parameters.slice(3 * index);
    const [z, mean, variance] = results.slice(3 * index);
    inputs.push({ z: z!, normalization: [mean!, variance!, gamma!, beta!], clip });
  }
  const last = inputs.at(-1)!;
  const lastInputs = [last.z, ...last.normalization, dLast];
  let [dGamma, dBeta] = executeMany('RunnerNormalizeGradient', normalizeAttributes(last), lastInputs, 2);
  let dy = dLast;
  const gradients: Tensor[] = [];
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = { ...layers[index]!, kernel: parameters[3 * index]! };
    const [dKernel, dInput, dInputGamma, dInputBeta] = differentiate(
      inputs[index]!,
      layer,
      inputs[index + 1]!,
      dGamma!,
      dBeta!,
      dy,
    );
    gradients.unshift(dKernel, dGamma!, dBeta!);
    if (dy !== dLast) dy.dispose();
    if (dInput) [dy, dGamma, dBeta] = [dInput, dInputGamma, dInputBeta];
  }
  return gradients;
}

export const cpuOperations: NetworkOperations = {
  convolutions: (x, layers) => {
    const trained = layers.findIndex(({ given }) => given === null);
    if (trained === -1) return { y: tf.tidy(() => normalize(convolveAsGiven(x, layers))), statistics: [] };
    return outliving((outlive) =>
      convolveTraining(convolveAsGiven(x, layers.slice(0, trained)), layers.slice(trained), outlive),
    );
  },
  supports: (precision) =>
    precision === 'float32' || tf.tidy(() => execute('RunnerHasBfloat16', [], []).dataSync()[0] === 1),
  product: (x, matrix) => execute('RunnerProduct', [], [x, matrix]),
};
