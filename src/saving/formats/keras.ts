import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import type { ModelFormat } from '../model-format.js';
import type { PortableModel } from '../portable-model.js';

/** The version whose format this is; later ones read it. */
const kerasVersion = '3.15.1';

interface KerasLayer {
  readonly className: string;
  readonly name: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Shape of its result, without the batch. */
  readonly output: readonly number[];
  /** In Keras' order. */
  readonly weights?: readonly { readonly shape: readonly number[]; readonly values: Float32Array }[];
}

/** Keras 3's own file: a zip of the model as JSON and its weights as HDF5. It takes pixels from 0 to 255. */
export default {
  fileNames: ['model.keras'],
  async write(model, directory) {
    const { before, network } = listLayers(model);
    const files: Zippable = {
      'metadata.json': jsonOf({ keras_version: kerasVersion, date_saved: savedAt, card: model.card }),
      'config.json': jsonOf(configOf(model, before, network)),
      'model.weights.h5': await encodeWeights(network, directory),
    };
    await writeFile(
      join(directory, 'model.keras'),
      zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) }),
    );
  },
} satisfies ModelFormat;

const savedAt = '1980-01-01@00:00:00'; // no time is known: the first that a zip can say

const jsonOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** What prepares the pixels, and the network, which a mirrored model runs twice. */
function listLayers({ card, layers, epsilon, dense }: PortableModel): {
  readonly before: readonly KerasLayer[];
  readonly network: readonly KerasLayer[];
} {
  const { side, resolution, channels, normalization } = card.input;
  const square = [resolution, resolution, channels];
  const size = { height: resolution, width: resolution, interpolation: 'bilinear', antialias: true };
  const before: KerasLayer[] = [
    ...(side === resolution ? [] : [{ className: 'Resizing', name: 'resize', config: size, output: square }]),
    { className: 'Rescaling', name: 'scale', config: { scale: 1 / 255, offset: 0 }, output: square },
  ];
  if (normalization) {
    const variance = normalization.deviation.map((deviation) => deviation ** 2);
    const config = { axis: [-1], mean: normalization.mean, variance };
    before.push({ className: 'Normalization', name: 'normalize', config, output: square });
  }
  let length = resolution;
  const convolutions = layers.flatMap(({ name, kind, stride, outChannels, kernel, ...norm }) => {
    length = Math.ceil(length / stride);
    const output = [length, length, outChannels];
    const isDepthwise = kind === 'depthwise';
    const config = {
      ...(isDepthwise ? {} : { filters: outChannels }),
      kernel_size: kernel.shape.slice(0, 2),
      strides: [stride, stride],
      padding: 'same',
      use_bias: false,
    };
    const statistics = [norm.gamma, norm.beta, norm.mean, norm.variance];
    return [
      {
        className: isDepthwise ? 'DepthwiseConv2D' : 'Conv2D',
        name,
        config,
        output,
        weights: [kernel],
      },
      {
        className: 'BatchNormalization',
        name: `${name}_bn`,
        config: { momentum: 0.99, epsilon },
        output,
        weights: statistics.map((values) => ({ shape: [outChannels], values })),
      },
      { className: 'ReLU', name: `${name}_relu`, config: { max_value: 6 }, output },
    ];
  });
  const [features, classes] = dense.kernel.shape as [number, number];
  const network: KerasLayer[] = [
    ...convolutions,
    { className: 'GlobalAveragePooling2D', name: 'pool', output: [features] },
    {
      className: 'Dense',
      name: 'logits',
      config: { units: classes },
      output: [classes],
      weights: [dense.kernel, { shape: [classes], values: dense.bias }],
    },
    { className: 'Activation', name: 'probabilities', config: { activation: 'softmax' }, output: [classes] },
  ];
  return { before, network };
}

/** A call of a layer: its name, and which of its calls it is. */
type Call = readonly [layer: string, call: number];

function configOf(
  { card }: PortableModel,
  before: readonly KerasLayer[],
  network: readonly KerasLayer[],
): object {
  const { side, channels, isMirrored } = card.input;
  const outputs = new Map<string, readonly number[]>([['pixels', [side, side, channels]]]);
  const tensor = ([layer, call]: Call) => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, ...outputs.get(layer)!], dtype: 'float32', keras_history: [layer, call, 0] },
  });
  const layers: object[] = [];
  const add = (
    { className, name, config, output }: KerasLayer,
    calls: readonly (Call | readonly Call[])[],
    module = 'keras.layers',
  ) => {
    layers.push({
      module,
      class_name: className,
      config: { name, ...config },
      registered_name: module === 'keras.layers' ? null : className,
      name,
      inbound_nodes: calls.map((call) => ({
        args: [typeof call[0] === 'string' ? tensor(call as Call) : (call as readonly Call[]).map(tensor)],
        kwargs: {},
      })),
    });
    outputs.set(name, output);
  };
  const batchShape = { batch_shape: [null, side, side, channels], dtype: 'float32' };
  add({ className: 'InputLayer', name: 'pixels', config: batchShape, output: [side, side, channels] }, []);
  let last = 'pixels';
  for (const layer of before) {
    add(layer, [[last, 0]]);
    last = layer.name;
  }
  let calls: Call[] = [[last, 0]];
  if (isMirrored) {
    const output = outputs.get(last)!;
    const mirror = { className: 'Flip', name: 'mirror', config: { axis: 2 }, output };
    add(mirror, [[last, 0]], 'keras.src.ops.numpy');
    calls.push(['mirror', 0]);
  }
  for (const layer of network) {
    add(layer, calls);
    calls = calls.map((_, call) => [layer.name, call]);
    last = layer.name;
  }
  if (isMirrored) {
    add({ className: 'Average', name: 'mean', output: outputs.get(last)! }, [calls]);
    last = 'mean';
  }
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      name: card.name.replace(/[^a-z0-9_]/g, '_'),
      trainable: true,
      layers,
      input_layers: ['pixels', 0, 0],
      output_layers: [last, 0, 0],
    },
    registered_name: 'Functional',
    build_config: { input_shape: null },
    compile_config: {},
  };
}

/** Keras' groups of variables, numbered within each class of layers: `layers/conv2d_2/vars/0`. */
async function encodeWeights(layers: readonly KerasLayer[], directory: string): Promise<Buffer> {
  const { default: h5wasm } = await import('h5wasm/node');
  await h5wasm.ready;
  const path = join(directory, 'model.weights.h5'); // h5wasm writes to the disk only
  const file = new h5wasm.File(path, 'w');
  const seen = new Map<string, number>();
  file.create_group('layers');
  for (const { className, name, weights } of layers) {
    if (!weights) continue;
    const number = seen.get(className) ?? 0;
    seen.set(className, number + 1);
    const group = `layers/${snakeCase(className)}${number === 0 ? '' : `_${number}`}`;
    file.create_group(group);
    const variables = file.create_group(`${group}/vars`);
    variables.create_attribute('name', name);
    for (const [index, { shape, values }] of weights.entries())
      variables.create_dataset({ name: String(index), data: values, shape: [...shape] });
  }
  file.close();
  const content = await readFile(path);
  await rm(path);
  return content;
}

/** As Keras names a layer of a class: `Conv2D` is `conv2d`, `DepthwiseConv2D` is `depthwise_conv2d`. */
const snakeCase = (className: string): string =>
  className
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
