import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { triangleWeights } from '../../engine/triangle-weights.js';
import type { ModelFormat } from '../model-format.js';
import type { PortableModel } from '../portable-model.js';

/** ONNX, operator set 17: it takes pixels from 0 to 255 (uint8), channels last. */
export default {
  fileNames: ['model.onnx'],
  async write(model, directory) {
    const { card } = model;
    const metadata = { ...card, ...card.input, card };
    const Model = protobuf.parse(schema).root.lookupType('ModelProto');
    const file = Model.encode({
      irVersion: 8,
      producerName: card.program,
      docString: card.description,
      opsetImport: [{ domain: '', version: 17 }],
      graph: graphOf(model),
      metadataProps: Object.entries(metadata).map(([key, value]) => ({
        key,
        value: typeof value === 'string' ? value : JSON.stringify(value),
      })),
    }).finish();
    await writeFile(join(directory, 'model.onnx'), file);
  },
} satisfies ModelFormat;

/** Of onnx.proto, what is written here. */
const schema = `syntax = "proto3";
message AttributeProto {
  string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated int64 ints = 8; int32 type = 20;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated AttributeProto attribute = 5;
}
message ModelProto {
  int64 ir_version = 1; string producer_name = 2; string doc_string = 6; GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8; repeated StringStringEntryProto metadata_props = 14;
}
message StringStringEntryProto { string key = 1; string value = 2; }
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
}
message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message TensorShapeProto {
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  repeated Dimension dim = 1;
}
message TypeProto {
  message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
  oneof value { Tensor tensor_type = 1; }
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }`;

const dataTypes = { float: 1, uint8: 2, int64: 7 } as const;

/** Attributes by name: a text, a list of whole numbers, a whole number, or `{ f }`, a float. */
type Attributes = Readonly<Record<string, string | number | readonly number[] | { readonly f: number }>>;

function attributesOf(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
    if (typeof value === 'number') return { name, type: 2, i: value };
    return 'f' in value ? { name, type: 1, f: value.f } : { name, type: 7, ints: value };
  });
}

function graphOf({ card, layers, epsilon, dense }: PortableModel): object {
  const node: object[] = [];
  const initializer: { readonly name: string }[] = [];
  const constant = (name: string, dims: readonly number[], values: Float32Array | BigInt64Array): string => {
    if (initializer.some((other) => other.name === name)) return name; // of the mirrored pass
    const dataType = values instanceof Float32Array ? dataTypes.float : dataTypes.int64;
    const rawData = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    initializer.push(Object.assign({ name }, { dims, dataType, rawData }));
    return name;
  };
  const add = (
    output: string,
    opType: string,
    input: readonly string[],
    attributes: Attributes = {},
  ): string => {
    node.push({ name: output, opType, input, output: [output], attribute: attributesOf(attributes) });
    return output;
  };
  const scalar = (name: string, value: number) => constant(name, [], Float32Array.of(value));

  const { side, resolution, channels, normalization, isMirrored } = card.input;
  let x = add('floats', 'Cast', ['pixels'], { to: dataTypes.float });
  if (side !== resolution) {
    const table = constant('resize/weights', [side, resolution], triangleWeights(side, resolution));
    x = add('resize/columns', 'Einsum', [x, table], { equation: 'nhwc,ws->nhsc' });
    x = add('resize/rows', 'Einsum', [x, table], { equation: 'nhwc,hs->nswc' });
  }
  x = add('scale', 'Div', [x, scalar('scale/divisor', 255)]);
  if (normalization) {
    const { mean, deviation } = normalization;
    x = add('normalize/centre', 'Sub', [x, constant('normalize/mean', [channels], Float32Array.from(mean))]);
    const divisor = constant('normalize/deviation', [channels], Float32Array.from(deviation));
    x = add('normalize', 'Div', [x, divisor]);
  }
  x = add('channels-first', 'Transpose', [x], { perm: [0, 3, 1, 2] });

  /** @param path before the names of its operations: they are there twice in a mirrored model, the weights once */
  const network = (images: string, path: string): string => {
    let y = images;
    let length = resolution;
    for (const { name, kind, stride, outChannels, kernel, gamma, beta, mean, variance } of layers) {
      const [size] = kernel.shape as [number];
      const after = Math.ceil(length / stride);
      const padding = Math.max(0, (after - 1) * stride + size - length);
      const [before, behind] = [Math.floor(padding / 2), Math.ceil(padding / 2)];
      length = after;
      const { shape, values } = channelsFirst(kernel.shape, kernel.values, kind === 'depthwise');
      y = add(`${path}${name}`, 'Conv', [y, constant(`${name}/kernel`, shape, values)], {
        kernel_shape: [size, size],
        strides: [stride, stride],
        pads: [before, before, behind, behind],
        group: kind === 'depthwise' ? outChannels : 1,
      });
      const vector = (of: string, values: Float32Array) =>
        constant(`${name}_bn/${of}`, [outChannels], values);
      const statistics = [
        vector('gamma', gamma),
        vector('beta', beta),
        vector('moving_mean', mean),
        vector('moving_variance', variance),
      ];
      y = add(`${path}${name}_bn`, 'BatchNormalization', [y, ...statistics], { epsilon: { f: epsilon } });
      y = add(`${path}${name}_relu`, 'Clip', [y, scalar('relu6/least', 0), scalar('relu6/most', 6)]);
    }
    y = add(`${path}pool`, 'GlobalAveragePool', [y]);
    y = add(`${path}features`, 'Flatten', [y], { axis: 1 });
    const { shape, values } = dense.kernel;
    const weights = [
      constant('dense/kernel', shape, values),
      constant('dense/bias', shape.slice(1), dense.bias),
    ];
    return add(`${path}logits`, 'Gemm', [y, ...weights]);
  };
  if (isMirrored) {
    const whole = (name: string, value: bigint) => constant(name, [1], BigInt64Array.of(value));
    const range = [whole('mirror/start', -1n), whole('mirror/end', -(2n ** 31n)), whole('mirror/axis', 3n)];
    const mirror = add('mirror', 'Slice', [x, ...range, whole('mirror/step', -1n)]);
    const both = [
      add('own/probabilities', 'Softmax', [network(x, 'own/')], { axis: 1 }),
      add('mirrored/probabilities', 'Softmax', [network(mirror, 'mirrored/')], { axis: 1 }),
    ];
    add('probabilities', 'Mul', [add('sum', 'Add', both), scalar('half', 0.5)]);
  } else add('probabilities', 'Softmax', [network(x, '')], { axis: 1 });

  const valueOf = (name: string, elemType: number, sizes: readonly number[]) => ({
    name,
    type: {
      tensorType: {
        elemType,
        shape: { dim: [{ dimParam: 'N' }, ...sizes.map((dimValue) => ({ dimValue }))] },
      },
    },
  });
  return {
    name: card.name,
    node,
    initializer,
    input: [valueOf('pixels', dataTypes.uint8, [side, side, channels])],
    output: [valueOf('probabilities', dataTypes.float, [card.classes.length])],
  };
}

/** A kernel [H, W, I, O] as [O, I, H, W]; a depthwise one [H, W, C, 1] as [C, 1, H, W]. */
function channelsFirst(
  shape: readonly number[],
  values: Float32Array,
  isDepthwise: boolean,
): { readonly shape: readonly number[]; readonly values: Float32Array } {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const moved = new Float32Array(values.length);
  const area = height * width;
  for (let place = 0; place < area; place++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++)
        moved[(output * inputs + input) * area + place] =
          values[(place * inputs + input) * outputs + output]!;
  // Of a depthwise kernel, [1, C, H, W] and [C, 1, H, W] are the same numbers.
  return {
    shape: isDepthwise ? [inputs, 1, height, width] : [outputs, inputs, height, width],
    values: moved,
  };
}
