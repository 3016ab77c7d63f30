import { describe, expect, test } from 'vitest';
import { cpuOperations } from '../../src/engine/cpu-operations.js';
import type {
  BatchStatistics,
  Clip,
  ConvolutionLayer,
  Precision,
} from '../../src/engine/network-operations.js';
import { stockOperations } from '../../src/engine/stock-operations.js';
import {
  tf,
  type Rank,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '../../src/engine/tfjs.js';
import { expectClose, expectNumericGradient, gradientsOf, random, type Function } from './gradients.js';

type Shape = Pick<ConvolutionLayer, 'kind' | 'stride' | 'clip'> & { readonly filters: number };
const image = (filters: number, clip: Clip = 'relu6'): Shape => ({ kind: 'image', stride: 2, filters, clip });
const depthwise = (stride: 1 | 2, clip: Clip = 'relu6'): Shape => ({
  kind: 'depthwise',
  stride,
  filters: 0,
  clip,
});
const pointwise = (filters: number, clip: Clip = 'relu6'): Shape => ({
  kind: 'pointwise',
  stride: 1,
  filters,
  clip,
});

/** Kernel, gamma and beta of each layer, for images of `channels`. */
function parametersOf(shapes: readonly Shape[], channels: number): Tensor[] {
  return shapes.flatMap(({ kind, filters: wanted }, index) => {
    const filters = kind === 'depthwise' ? channels : wanted;
    const kernel = {
      image: [3, 3, channels, filters],
      depthwise: [3, 3, channels, 1],
      pointwise: [channels, filters],
    };
    channels = filters;
    return [
      random(kernel[kind], 10 * index + 1),
      random([filters], 10 * index + 2).add(1.5),
      random([filters], 10 * index + 3).add(1),
    ];
  });
}

const layersOf = (
  shapes: readonly Shape[],
  parameters: readonly Tensor[],
  precision: Precision = 'float32',
): ConvolutionLayer[] =>
  shapes.map((shape, index) => {
    const [kernel, gamma, beta] = parameters.slice(3 * index);
    return {
      ...shape,
      kernel: kernel!,
      gamma: gamma as Tensor1D,
      beta: beta as Tensor1D,
      precision,
      given: null,
    };
  });

/** The same by TensorFlow.js' own operations. */
function decomposed(x: Tensor4D, layers: readonly ConvolutionLayer[]): Tensor4D {
  return layers.reduce((x, { kind, stride, kernel, gamma, beta, clip, given }) => {
    const [channels, filters] = kernel.shape as [number, number];
    const z =
      kind === 'image'
        ? tf.conv2d(x, kernel as Tensor4D, 2, 'same')
        : kind === 'depthwise'
          ? tf.depthwiseConv2d(x, kernel as Tensor4D, stride, 'same')
          : tf.conv2d(x, kernel.reshape<Tensor4D>([1, 1, channels, filters]), 1, 'same');
    const { mean, variance } = given ?? tf.moments(z, [0, 1, 2]);
    const y = z.sub(mean).div(variance.add(1e-3).sqrt()).mul(gamma).add(beta);
    return (clip === 'relu6' ? y.clipByValue(0, 6) : y) as Tensor4D;
  }, x);
}

const whole = [
  image(8),
  depthwise(1),
  pointwise(20),
  depthwise(2),
  pointwise(47),
  depthwise(1),
  pointwise(130),
];
const chains: readonly (readonly [name: string, x: number[], shapes: readonly Shape[]])[] = [
  ['a small network on grey images', [3, 15, 15, 1], whole],
  ['a small network on colour images', [2, 13, 10, 3], whole],
  [
    'no clip behind a projection',
    [3, 9, 9, 3],
    [image(16), depthwise(2, 'none'), pointwise(24, 'none'), depthwise(1)],
  ],
  ['one convolution of images', [2, 28, 28, 1], [image(19)]],
  ['one of images of a pixel', [5, 1, 1, 3], [image(4, 'none')]],
  ['one depthwise convolution', [2, 7, 7, 3], [depthwise(1)]],
  ['one of stride 2', [3, 4, 6, 47], [depthwise(2)]],
  ['one pointwise convolution', [2, 7, 7, 37], [pointwise(70)]],
  ['one of many channels', [4, 6, 6, 130], [pointwise(33), pointwise(16)]],
  ['more rows than a block', [30, 12, 12, 6], [pointwise(40), pointwise(8), depthwise(1)]],
];

describe.each([
  ['our kernels', cpuOperations],
  ["TensorFlow's kernels", stockOperations],
] as const)('by %s, as TensorFlow.js decomposes them', (_, operations) => {
  test.each(chains)('%s', (_name, xShape, shapes) => {
    const x = random<Tensor4D>([...xShape], 5);
    const parameters = parametersOf(shapes, xShape[3]!);
    const fused: Function = (...parameters) => operations.convolutions(x, layersOf(shapes, parameters)).y;
    const plain: Function = (...parameters) => decomposed(x, layersOf(shapes, parameters));
    expectClose(fused(...parameters), plain(...parameters));
    const [ours, theirs] = [fused, plain].map((chain) => gradientsOf(chain, parameters));
    for (const [index, gradient] of ours!.entries()) {
      // A kernel is followed by a normalisation, which its size does not change: of one tap the gradient is zero.
      const size = theirs![index]!.norm().dataSync()[0]!;
      if (size > 1e-2) expectClose(gradient, theirs![index]!, 2e-3);
      else expect(gradient.norm().dataSync()[0]).toBeLessThan(2e-2);
    }
  });

  test('numeric gradients of every parameter, where no clip bends', () => {
    const shapes = [
      image(4, 'none'),
      depthwise(1, 'none'),
      pointwise(5, 'none'),
      depthwise(2, 'none'),
      pointwise(6, 'none'),
    ];
    const x = random<Tensor4D>([3, 9, 9, 3], 5);
    const parameters = parametersOf(shapes, 3);
    const chain: Function = (...parameters) => operations.convolutions(x, layersOf(shapes, parameters)).y;
    for (const which of parameters.keys()) expectNumericGradient(chain, parameters, which);
  });

  test('statistics are those of the batch, also far from zero; given ones are used', () => {
    const shapes = [pointwise(12), depthwise(1), pointwise(9)];
    const x = random<Tensor4D>([4, 5, 5, 7], 5).add<Tensor4D>(300);
    const layers = layersOf(shapes, parametersOf(shapes, 7));
    const { y, statistics } = operations.convolutions(x, layers);
    expect(statistics).toHaveLength(3);
    const z = tf.conv2d(x, layers[0]!.kernel.reshape<Tensor4D>([1, 1, 7, 12]), 1, 'same');
    const moments = tf.moments(z, [0, 1, 2]);
    expectClose(statistics[0]!.mean, moments.mean);
    expectClose(biased(statistics[0]!), moments.variance, 1e-3);
    const given = layers.map((layer, index) => ({
      ...layer,
      given: { mean: statistics[index]!.mean, variance: biased(statistics[index]!) },
    }));
    const evaluated = operations.convolutions(x, given);
    expect(evaluated.statistics).toEqual([]);
    expectClose(evaluated.y, y);
    const partly = operations.convolutions(x, [given[0]!, ...layers.slice(1)]);
    expect(partly.statistics).toHaveLength(2);
    expectClose(partly.y, y);
  });

  test('layers behind given ones have the gradients that they have alone', () => {
    const shapes = [image(6), depthwise(1), pointwise(10), depthwise(1)];
    const x = random<Tensor4D>([3, 11, 11, 1], 5);
    const parameters = parametersOf(shapes, 1);
    const given = { mean: random<Tensor1D>([6], 51), variance: random<Tensor1D>([6], 52).add<Tensor1D>(2) };
    const chain =
      (convolve: (layers: ConvolutionLayer[]) => Tensor): Function =>
      (...trained) => {
        const [first, ...rest] = layersOf(shapes, [...parameters.slice(0, 3), ...trained]);
        return convolve([{ ...first!, given }, ...rest]);
      };
    const fused = chain((layers) => operations.convolutions(x, layers).y);
    const plain = chain((layers) => decomposed(x, layers));
    const trained = parameters.slice(3);
    const [ours, theirs] = [fused, plain].map((chain) => gradientsOf(chain, trained));
    for (const [index, gradient] of ours!.entries()) expectClose(gradient, theirs![index]!, 2e-3);
  });

  test('what is not a number stays so', () => {
    const x = tf.zeros([1, 2, 2, 1]).div<Tensor4D>(0);
    for (const clip of ['none', 'relu6'] as const) {
      const shapes = [pointwise(1, clip)];
      const { y } = operations.convolutions(x, layersOf(shapes, parametersOf(shapes, 1)));
      expect([...y.dataSync()]).toEqual([NaN, NaN, NaN, NaN]);
    }
  });

  test('the result and the statistics belong to the caller’s tidy, and nothing else is left', () => {
    const shapes = [image(4), depthwise(1), pointwise(5)];
    const x = random<Tensor4D>([2, 6, 6, 1], 8);
    const layers = layersOf(shapes, parametersOf(shapes, 1));
    const before = tf.memory().numTensors;
    const { y, statistics } = operations.convolutions(x, layers);
    expect(y.dataSync().every(Number.isFinite)).toBe(true);
    const results = [y, ...statistics.flatMap(({ mean, variance }) => [mean, variance])];
    tf.dispose(results);
    if (operations === cpuOperations) expect(tf.memory().numTensors).toBe(before);
    tf.tidy(() => {
      operations.convolutions(x, layers);
    });
    tf.tidy(() => {
      const given = layers.map((layer, index) => ({
        ...layer,
        given: {
          mean: random<Tensor1D>([layer.beta.size], index),
          variance: tf.ones<Rank.R1>([layer.beta.size]),
        },
      }));
      operations.convolutions(x, given);
    });
    if (operations === cpuOperations) expect(tf.memory().numTensors).toBe(before);
  });

  test('a product without a gradient', () => {
    const [x, matrix] = [random<Tensor4D>([2, 5, 3, 37], 1), random<Tensor2D>([37, 21], 2)];
    const expected = tf.matMul(x.reshape<Tensor2D>([30, 37]), matrix).reshape([2, 5, 3, 21]);
    expectClose(operations.product(x, matrix), expected);
  });
});

/** To the nearest bfloat16, and of two the even one. */
function rounded<T extends Tensor>(x: T): T {
  const bits = new Uint32Array(Float32Array.from(x.dataSync()).buffer);
  for (const [index, value] of bits.entries())
    bits[index] = ((value + 0x7fff + ((value >>> 16) & 1)) & 0xffff0000) >>> 0;
  return tf.tensor(new Float32Array(bits.buffer), x.shape) as T;
}

describe.skipIf(!cpuOperations.supports('bfloat16'))('bfloat16, where the processor has it', () => {
  test.each([
    [3, 7, 37, 70, 33],
    [2, 8, 128, 32, 256],
    [1, 5, 8, 3, 1],
  ])(
    '%i images of %i pixels a side, %i to %i to %i channels: rounded factors, sums in float32',
    (n, side, a, b, c) => {
      const shapes = [pointwise(b, 'none'), pointwise(c, 'none')];
      const x = random<Tensor4D>([n, side, side, a], 5);
      const parameters = parametersOf(shapes, a) as [
        Tensor2D,
        Tensor1D,
        Tensor1D,
        Tensor2D,
        Tensor1D,
        Tensor1D,
      ];
      const [first, gamma1, beta1, second, gamma2, beta2] = parameters;
      const normalize = (z: Tensor, gamma: Tensor, beta: Tensor) => {
        const { mean, variance } = tf.moments(z, 0);
        return z.sub(mean).div(variance.add(1e-3).sqrt()).mul(gamma).add<Tensor2D>(beta);
      };
      const product = (x: Tensor2D, matrix: Tensor2D, ...transposed: boolean[]) =>
        tf.matMul(rounded(x), rounded(matrix), ...transposed);
      const rows = x.reshape<Tensor2D>([n * side * side, a]);
      const z1 = product(rows, first);
      const y1 = normalize(z1, gamma1, beta1);
      const z2 = product(y1, second);
      const y2 = normalize(z2, gamma2, beta2);
      const dy2 = random<Tensor4D>([n, side, side, c], 99).reshape<Tensor2D>([n * side * side, c]);
      const dz2 = tf.grad((z) => normalize(z, gamma2, beta2).mul(dy2).sum())(z2) as Tensor2D;
      const dy1 = product(dz2, second, false, true);
      const dz1 = tf.grad((z) => normalize(z, gamma1, beta1).mul(dy1).sum())(z1) as Tensor2D;

      const chain: Function = (...parameters) =>
        cpuOperations.convolutions(x, layersOf(shapes, parameters, 'bfloat16')).y;
      expectClose(chain(...parameters).reshape(y2.shape), y2, 2e-4);
      const gradients = gradientsOf(chain, parameters);
      // A factor may lie between two bfloat16, and be rounded the other way by another order of its sum.
      expectClose(gradients[3]!, product(y1, dz2, true, false), 1e-3);
      expectClose(gradients[0]!, product(rows, dz1, true, false), 1e-3);
      const exact: Function = (...parameters) =>
        cpuOperations.convolutions(x, layersOf(shapes, parameters)).y;
      const apart = chain(...parameters)
        .sub(exact(...parameters))
        .norm()
        .div(y2.norm())
        .dataSync()[0]!;
      expect(apart).toBeGreaterThan(5e-4); // it is not float32
      expect(apart).toBeLessThan(2e-2);
    },
  );

  test('what is not a number stays so', () => {
    const shapes = [pointwise(20, 'none')];
    const x = tf.zeros([1, 2, 2, 19]).div<Tensor4D>(0);
    const { y } = cpuOperations.convolutions(x, layersOf(shapes, parametersOf(shapes, 19), 'bfloat16'));
    expect([...y.dataSync()].every(Number.isNaN)).toBe(true);
  });
});

const biased = ({ variance, correction }: BatchStatistics) => variance.mul<Tensor1D>(correction);
