/** For every operation of the WebAssembly module: how a call of it is drawn, and how near TensorFlow's results must be. */
import type { Draws } from './draws.js';
import {
  flag,
  float32,
  floats,
  int32,
  integer,
  ints,
  place,
  scalar,
  typeOf,
  vector,
  type Case,
  type Values,
} from './draws.js';

interface Comparison {
  readonly draw: (draws: Draws) => Case;
  /** Distance in parts of the larger of 1 and TensorFlow's number; 0: the same bits. */
  readonly tolerance: number;
}

const exact = (draw: Comparison['draw']): Comparison => ({ draw, tolerance: 0 });
const near = (tolerance: number, draw: Comparison['draw']): Comparison => ({ draw, tolerance });
const ulps = 3e-7; // of a function of the C library, and of a few roundings

const call = (attributes: Case['attributes'], inputs: readonly Values[], outputs = 1): Case => ({
  attributes,
  inputs,
  outputs,
});

/** Small whole numbers, so that pairs are often equal. */
const few = (draws: Draws, shape: readonly number[]) => floats(shape, [...draws.ints(shape, -3, 3).values]);

const arithmetic = exact((draws) => {
  const [a, b] = draws.pair();
  const isFloat = draws.whole(0, 2) > 0;
  const inputs = isFloat ? [draws.floats(a), draws.floats(b)] : [draws.ints(a), draws.ints(b)];
  return call([typeOf(inputs[0]!)], inputs);
});
const comparison = exact((draws) => {
  const [a, b] = draws.pair();
  const isFloat = draws.whole(0, 2) > 0;
  const inputs = isFloat ? [few(draws, a), few(draws, b)] : [draws.ints(a, -2, 2), draws.ints(b, -2, 2)];
  return call([typeOf(inputs[0]!)], inputs);
});
const floatPairs = (tolerance: number, low = -4, high = 4) =>
  near(tolerance, (draws) => {
    const [a, b] = draws.pair();
    return call([float32('T')], [draws.floats(a, low, high), draws.floats(b, low, high)]);
  });
const logical = exact((draws) => {
  const [a, b] = draws.pair();
  return call([], [draws.bools(a), draws.bools(b)]);
});
const each = (tolerance: number, low = -4, high = 4) =>
  near(tolerance, (draws) => call([float32('T')], [draws.floats(draws.shape(), low, high)]));
const eachNumber = exact((draws) => {
  const shape = draws.shape();
  const x = draws.whole(0, 1) ? draws.floats(shape) : draws.ints(shape);
  return call([typeOf(x)], [x]);
});

const reduction = (tolerance: number, xOf: (draws: Draws, shape: number[]) => Values) =>
  near(tolerance, (draws) => {
    const shape = draws.shape();
    const x = xOf(draws, shape);
    const attributes = [flag('keep_dims', draws.whole(0, 1) === 1), typeOf(x), int32('Tidx')];
    return call(attributes, [x, vector(...draws.axes(shape))]);
  });
const logicalReduction = exact((draws) => {
  const shape = draws.shape();
  const attributes = [flag('keep_dims', draws.whole(0, 1) === 1), int32('Tidx')];
  return call(attributes, [draws.bools(shape), vector(...draws.axes(shape))]);
});

const matrices = (a: string, b: string) =>
  near(2e-6, (draws) => {
    const [rows, depth, columns] = [draws.whole(1, 40), draws.whole(1, 40), draws.whole(1, 40)];
    const [turnsA, turnsB] = [draws.whole(0, 1) === 1, draws.whole(0, 1) === 1];
    return call(
      [float32('T'), flag(a, turnsA), flag(b, turnsB)],
      [
        draws.floats(turnsA ? [depth, rows] : [rows, depth], -1, 1),
        draws.floats(turnsB ? [columns, depth] : [depth, columns], -1, 1),
      ],
    );
  });

const classes = (draws: Draws) => [draws.whole(1, 20), draws.whole(2, 40)] as const;

const optimizer = (
  variables: number,
  scalarsOf: (draws: Draws) => number[],
  order: 'gradientLast' | 'gradientBeforeLast',
  nesterov = true,
) =>
  near(ulps * 4, (draws) => {
    const shape = draws.shape(1);
    const slots = Array.from({ length: variables }, (_, index) =>
      index === 1 && variables === 3 ? draws.floats(shape, 0, 1) : draws.floats(shape, 0, 1),
    );
    const scalars = scalarsOf(draws).map(scalar);
    const gradient = draws.floats(shape, -1, 1);
    const attributes = [float32('T'), flag('use_locking', false)];
    if (nesterov) attributes.push(flag('use_nesterov', false));
    const rest =
      order === 'gradientLast'
        ? [...scalars, gradient]
        : [...scalars.slice(0, -1), gradient, ...scalars.slice(-1)];
    return { attributes, inputs: [...slots, ...rest], outputs: 0, variables };
  });

export const cases: Readonly<Record<string, Comparison>> = {
  Add: arithmetic,
  AddV2: arithmetic,
  Sub: arithmetic,
  Mul: arithmetic,
  Maximum: arithmetic,
  Minimum: arithmetic,
  SquaredDifference: arithmetic,
  RealDiv: floatPairs(0),
  Pow: floatPairs(ulps * 10, 0.1, 3),
  Less: comparison,
  LessEqual: comparison,
  Greater: comparison,
  GreaterEqual: comparison,
  Equal: comparison,
  NotEqual: comparison,
  LogicalAnd: logical,
  LogicalOr: logical,
  LogicalNot: exact((draws) => call([], [draws.bools(draws.shape())])),
  Abs: eachNumber,
  Neg: eachNumber,
  Square: eachNumber,
  Sign: eachNumber,
  Exp: each(ulps * 10, -20, 4),
  Log: each(ulps, 1e-6, 9),
  Log1p: each(ulps, -0.9, 9),
  Sqrt: each(0, 0, 100),
  Rsqrt: each(ulps * 10, 0.01, 100),
  Floor: each(0),
  Ceil: each(0),
  Round: exact((draws) => {
    const shape = draws.shape();
    return call(
      [float32('T')],
      [
        floats(
          shape,
          [...draws.ints(shape).values].map((value) => value / 2),
        ),
      ],
    );
  }),
  Sin: each(ulps, -7, 7),
  Cos: each(ulps, -7, 7),
  Tanh: each(ulps),
  Sigmoid: each(ulps, -20, 20),
  IsNan: exact((draws) => call([float32('T')], [withOddOnes(draws)])),
  IsFinite: exact((draws) => call([float32('T')], [withOddOnes(draws)])),
  Cast: exact((draws) => {
    const shape = draws.shape();
    const x = draws.one([
      draws.floats(shape),
      draws.ints(shape, 0, 255),
      draws.bools(shape),
      draws.bytes(shape),
    ]);
    const to = draws.one([1, 3, 10]);
    return call([typeOf(x, 'SrcT'), { ...float32('DstT'), value: to }, flag('Truncate', false)], [x]);
  }),
  Select: exact((draws) => {
    const shape = draws.shape(1);
    const a = draws.anything(shape);
    const b = a.type === 1 ? draws.floats(shape) : a.type === 3 ? draws.ints(shape) : draws.bools(shape);
    return call([typeOf(a)], [draws.bools(draws.whole(0, 2) ? shape : shape.slice(0, 1)), a, b]);
  }),
  AddN: near(ulps * 4, (draws) => {
    const [shape, count] = [draws.shape(), draws.whole(1, 5)];
    const inputs = Array.from({ length: count }, () => draws.floats(shape));
    return call([float32('T'), integer('N', count)], inputs);
  }),

  Identity: exact((draws) => {
    const x = draws.anything(draws.shape());
    return call([typeOf(x)], [x]);
  }),
  ZerosLike: exact((draws) => {
    const x = draws.anything(draws.shape());
    return call([typeOf(x)], [x]);
  }),
  Transpose: exact((draws) => {
    const shape = draws.shape();
    const x = draws.anything(shape);
    return call([typeOf(x), int32('Tperm')], [x, vector(...draws.shuffled(shape.length))]);
  }),
  Slice: exact((draws) => {
    const shape = draws.shape();
    const begin = shape.map((size) => draws.whole(0, size - 1));
    const sizes = shape.map((size, axis) => (draws.whole(0, 3) ? draws.whole(0, size - begin[axis]!) : -1));
    const x = draws.anything(shape);
    return call([typeOf(x), int32('Index')], [x, vector(...begin), vector(...sizes)]);
  }),
  ConcatV2: exact((draws) => {
    const shape = draws.shape(1);
    const [axis, count] = [draws.whole(0, shape.length - 1), draws.whole(2, 4)];
    const parts = Array.from({ length: count }, () => draws.floats(shape.with(axis, draws.whole(1, 5))));
    return call([integer('N', count), int32('Tidx'), float32('T')], [...parts, place(axis)]);
  }),
  SplitV: exact((draws) => {
    const shape = draws.shape(1);
    const axis = draws.whole(0, shape.length - 1);
    const sizes = Array.from({ length: draws.whole(1, 4) }, () => draws.whole(1, 4));
    const x = draws.anything(
      shape.with(
        axis,
        sizes.reduce((a, b) => a + b),
      ),
    );
    const attributes = [integer('num_split', sizes.length), typeOf(x), int32('Tlen')];
    return call(attributes, [x, vector(...sizes), place(axis)], sizes.length);
  }),
  Unpack: exact((draws) => {
    const shape = draws.shape(1);
    const axis = draws.whole(0, shape.length - 1);
    const x = draws.anything(shape);
    return call([integer('num', shape[axis]!), typeOf(x), integer('axis', axis)], [x], shape[axis]);
  }),
  Pack: exact((draws) => {
    const shape = draws.shape(0, 3);
    const [axis, count] = [draws.whole(0, shape.length), draws.whole(1, 4)];
    const parts = Array.from({ length: count }, () => draws.ints(shape));
    return call([integer('N', count), int32('T'), integer('axis', axis)], parts);
  }),
  Tile: exact((draws) => {
    const shape = draws.shape(1);
    const x = draws.anything(shape);
    return call([typeOf(x), int32('Tmultiples')], [x, vector(...shape.map(() => draws.whole(1, 3)))]);
  }),
  Fill: exact((draws) => {
    const value = draws.anything([]);
    return call([typeOf(value), int32('index_type')], [vector(...draws.shape()), value]);
  }),
  Range: near(ulps, (draws) => {
    const [start, step] = [draws.whole(-9, 9), draws.one([1, 2, 3, -1, -2])];
    const limit = start + step * draws.whole(0, 9) + (step > 0 ? draws.whole(0, 1) : -draws.whole(0, 1));
    if (draws.whole(0, 1)) return call([int32('Tidx')], [place(start), place(limit), place(step)]);
    return call([float32('Tidx')], [scalar(start / 4), scalar(limit / 4), scalar(step / 4)]);
  }),
  PadV2: exact((draws) => {
    const shape = draws.shape(1);
    const padding = ints([shape.length, 2], [...draws.ints([shape.length, 2], 0, 3).values]);
    return call(
      [float32('T'), int32('Tpaddings')],
      [draws.floats(shape), padding, scalar(draws.real(-1, 1))],
    );
  }),
  ReverseV2: exact((draws) => {
    const shape = draws.shape(1);
    const x = draws.anything(shape);
    return call([int32('Tidx'), typeOf(x)], [x, vector(...draws.axes(shape))]);
  }),
  GatherV2: exact((draws) => {
    const shape = draws.shape(1);
    const x = draws.anything(shape);
    const attributes = [typeOf(x, 'Tparams'), int32('Tindices'), int32('Taxis')];
    return call(attributes, [x, draws.ints(draws.shape(0, 2), 0, shape[0]! - 1), place(0)]);
  }),

  Sum: reduction(1e-5, (draws, shape) => (draws.whole(0, 2) ? draws.floats(shape) : draws.ints(shape))),
  Mean: reduction(2e-6, (draws, shape) => draws.floats(shape)),
  Prod: reduction(2e-5, (draws, shape) => draws.floats(shape, 0.9, 1.1)),
  Max: reduction(0, (draws, shape) => (draws.whole(0, 2) ? draws.floats(shape) : draws.ints(shape))),
  Min: reduction(0, (draws, shape) => (draws.whole(0, 2) ? draws.floats(shape) : draws.ints(shape))),
  All: logicalReduction,
  Any: logicalReduction,
  ArgMax: exact((draws) => {
    const shape = draws.shape(1);
    const attributes = [float32('T'), int32('Tidx'), int32('output_type')];
    return call(attributes, [few(draws, shape), place(draws.whole(0, shape.length - 1))]);
  }),

  BatchMatMulV2: matrices('adj_x', 'adj_y'),
  MatMul: matrices('transpose_a', 'transpose_b'),
  Softmax: near(ulps * 4, (draws) => call([float32('T')], [draws.floats(classes(draws), -9, 9)])),
  SparseSoftmaxCrossEntropyWithLogits: near(1e-6, (draws) => {
    const [rows, count] = classes(draws);
    const inputs = [draws.floats([rows, count], -9, 9), draws.ints([rows], 0, count - 1)];
    return call([float32('T'), int32('Tlabels')], inputs, 2);
  }),
  SoftmaxCrossEntropyWithLogits: near(2e-6, (draws) => {
    const [rows, count] = classes(draws);
    const shares = draws.floats([rows, count], 0, 2 / count);
    return call([float32('T')], [draws.floats([rows, count], -9, 9), shares], 2);
  }),

  ResourceApplyAdam: optimizer(
    3,
    (draws) => [
      0.9 ** draws.whole(1, 9),
      0.999 ** draws.whole(1, 9),
      draws.real(1e-4, 1e-1),
      0.9,
      0.999,
      1e-7,
    ],
    'gradientLast',
  ),
  ResourceApplyKerasMomentum: optimizer(
    2,
    (draws) => [draws.real(1e-4, 1e-1), draws.real(0, 1)],
    'gradientBeforeLast',
  ),
  ResourceApplyRMSProp: optimizer(
    3,
    (draws) => [draws.real(1e-4, 1e-1), 0.9, draws.real(0, 1), 1e-7],
    'gradientLast',
    false,
  ),
  AssignSubVariableOp: exact((draws) => {
    const shape = draws.shape();
    const inputs = [draws.floats(shape), draws.floats(shape)];
    return { attributes: [float32('dtype')], inputs, outputs: 0, variables: 1 };
  }),

  StatelessRandomUniform: exact((draws) =>
    call(
      [int32('T'), float32('dtype'), int32('Tseed')],
      [vector(...draws.shape()), draws.ints([2], -(2 ** 31), 2 ** 31 - 1)],
    ),
  ),
  StatelessRandomGammaV2: near(ulps, (draws) =>
    call(
      [float32('dtype'), int32('T'), int32('Tseed')],
      [
        vector(...draws.shape()),
        draws.ints([2], -(2 ** 31), 2 ** 31 - 1),
        scalar(draws.one([0.05, 0.3, 1, 1.2, 3, 11])),
      ],
    ),
  ),
  ResizeBilinear: near(ulps * 4, (draws) => {
    const attributes = [float32('T'), flag('align_corners', false), flag('half_pixel_centers', true)];
    const shape = [draws.whole(1, 3), draws.whole(1, 9), draws.whole(1, 9), draws.whole(1, 4)];
    return call(attributes, [draws.floats(shape, 0, 255), vector(draws.whole(1, 20), draws.whole(1, 20))]);
  }),
};

function withOddOnes(draws: Draws): Values {
  const shape = draws.shape(1);
  return floats(
    shape,
    [...draws.ints(shape, 0, 3).values].map((which) => [1, NaN, Infinity, -Infinity][which]!),
  );
}
