import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { triangleWeights } from '../../engine/triangle-weights.js';
import type { ModelFormat } from '../model-format.js';
import type { PortableModel } from '../portable-model.js';

/**
 * A graph model, for `tf.loadGraphModel` of TensorFlow.js: the graph as JSON and the weights, beside each other in a
 * folder. It takes pixels from 0 to 255.
 */
export default {
  fileNames: ['tensorflow-js'],
  async write(model, directory) {
    const folder = join(directory, 'tensorflow-js');
    await mkdir(folder);
    const { nodes, weights } = graphOf(model);
    const { side, channels } = model.card.input;
    const shapeOf = (...sizes: number[]) => ({ dim: sizes.map((size) => ({ size: String(size) })) });
    const described = (name: string, ...sizes: number[]) => ({
      [name]: { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: shapeOf(-1, ...sizes) },
    });
    const json = {
      format: 'graph-model',
      generatedBy: model.card.program,
      convertedBy: null,
      signature: {
        inputs: described('pixels', side, side, channels),
        outputs: described('probabilities', model.card.classes.length),
      },
      userDefinedMetadata: model.card,
      modelTopology: { node: nodes, library: {}, versions: { producer: 1882 } },
      weightsManifest: [
        {
          paths: ['weights.bin'],
          weights: weights.map(({ name, shape, values }) => ({
            name,
            shape,
            dtype: values instanceof Int32Array ? 'int32' : 'float32',
          })),
        },
      ],
    };
    await writeFile(join(folder, 'model.json'), JSON.stringify(json));
    const bytes = weights.map(({ values }) =>
      Buffer.from(values.buffer, values.byteOffset, values.byteLength),
    );
    await writeFile(join(folder, 'weights.bin'), Buffer.concat(bytes));
  },
} satisfies ModelFormat;

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const flag = (value: boolean) => ({ b: value });
const numbers = (...values: number[]) => ({ list: { i: values.map(String) } });
const float = { type: 'DT_FLOAT' };
const int = { type: 'DT_INT32' };

/** TensorFlow's operations, in the order of computing. */
function graphOf({ card, layers, epsilon, dense }: PortableModel): {
  readonly nodes: readonly object[];
  readonly weights: readonly Weight[];
} {
  const nodes: object[] = [];
  const weights: Weight[] = [];
  const constant = (name: string, shape: readonly number[], values: Float32Array | Int32Array): string => {
    if (weights.some((weight) => weight.name === name)) return name; // of the mirrored pass
    const dtype = values instanceof Int32Array ? int : float;
    const dim = shape.map((size) => ({ size: String(size) }));
    const tensor = { dtype: dtype.type, tensorShape: { dim } };
    nodes.push({ name, op: 'Const', attr: { dtype, value: { tensor } } });
    weights.push({ name, shape, values });
    return name;
  };
  const scalar = (name: string, value: number) => constant(name, [], Float32Array.of(value));
  const add = (name: string, op: string, input: readonly string[], attr: object = {}): string => {
    nodes.push({ name, op, input, attr: { T: float, ...attr } });
    return name;
  };

  const { side, resolution, channels, normalization, isMirrored } = card.input;
  const dim = [-1, side, side, channels].map((size) => ({ size: String(size) }));
  nodes.push({ name: 'pixels', op: 'Placeholder', attr: { dtype: float, shape: { shape: { dim } } } });
  let x = 'pixels';
  if (side !== resolution) {
    const table = constant('resize/weights', [side, resolution], triangleWeights(side, resolution));
    x = add('resize/columns', 'Einsum', [x, table], { equation: text('nhwc,ws->nhsc'), N: { i: '2' } });
    x = add('resize/rows', 'Einsum', [x, table], { equation: text('nhwc,hs->nswc'), N: { i: '2' } });
  }
  x = add('scale', 'RealDiv', [x, scalar('scale/divisor', 255)]);
  if (normalization) {
    const { mean, deviation } = normalization;
    x = add('normalize/centre', 'Sub', [x, constant('normalize/mean', [channels], Float32Array.from(mean))]);
    const divisor = constant('normalize/deviation', [channels], Float32Array.from(deviation));
    x = add('normalize', 'RealDiv', [x, divisor]);
  }

  /** @param path before the names of its operations: they are there twice in a mirrored model, the weights once */
  const network = (images: string, path: string): string => {
    let y = images;
    for (const { name, kind, stride, outChannels, kernel, gamma, beta, mean, variance } of layers) {
      const vector = (of: string, values: Float32Array) =>
        constant(`${name}_bn/${of}`, [outChannels], values);
      const statistics = [
        vector('gamma', gamma),
        vector('beta', beta),
        vector('moving_mean', mean),
        vector('moving_variance', variance),
      ];
      const op = kind === 'depthwise' ? 'DepthwiseConv2dNative' : 'Conv2D';
      const nhwc = { data_format: text('NHWC') };
      y = add(`${path}${name}`, op, [y, constant(`${name}/kernel`, kernel.shape, kernel.values)], {
        strides: numbers(1, stride, stride, 1),
        dilations: numbers(1, 1, 1, 1),
        padding: text('SAME'),
        ...nhwc,
      });
      const norm = { epsilon: { f: epsilon }, is_training: flag(false), U: float, ...nhwc };
      y = add(`${path}${name}_bn`, 'FusedBatchNormV3', [y, ...statistics], norm);
      y = add(`${path}${name}_relu`, 'Relu6', [y]);
    }
    const axes = constant('pool/axes', [2], Int32Array.of(1, 2));
    y = add(`${path}pool`, 'Mean', [y, axes], { keep_dims: flag(false), Tidx: int });
    const { shape, values } = dense.kernel;
    const plain = { transpose_a: flag(false), transpose_b: flag(false) };
    y = add(`${path}dense`, 'MatMul', [y, constant('dense/kernel', shape, values)], plain);
    return add(`${path}logits`, 'AddV2', [y, constant('dense/bias', shape.slice(1), dense.bias)]);
  };
  if (!isMirrored) {
    add('probabilities', 'Softmax', [network(x, '')]);
    return { nodes, weights };
  }
  const axis = constant('mirror/axis', [1], Int32Array.of(2));
  const mirror = add('mirror', 'ReverseV2', [x, axis], { Tidx: int });
  const both = [
    add('own/probabilities', 'Softmax', [network(x, 'own/')]),
    add('mirrored/probabilities', 'Softmax', [network(mirror, 'mirrored/')]),
  ];
  add('probabilities', 'Mul', [add('sum', 'AddV2', both), scalar('half', 0.5)]);
  return { nodes, weights };
}
