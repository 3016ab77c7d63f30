/** Products of the WebAssembly engine to the bit: with tiles of one panel and of two, in the order that is documented. */
import { expect, test } from 'vitest';
import { float32, flag, integer } from '../../../src/engine/raw-operations.js';
import { WasmBinding } from '../../../src/engines/wasm/wasm-binding.js';
import { Draws, type Values } from './draws.js';
import { wasmPath } from './wasm-path.js';

const bindings = [false, true].map((takesWideTiles) => new WasmBinding(wasmPath, takesWideTiles));

/** The first of an operation's results that is asked for, by each binding. */
function results(
  operation: string,
  attributes: Parameters<WasmBinding['executeOp']>[1],
  inputs: readonly Values[],
  outputs: number,
  wanted: number,
): Float32Array[] {
  return bindings.map((binding) => {
    const ids = inputs.map(({ shape, type, values }) => binding.createTensor([...shape], type, values));
    const made = binding.executeOp(operation, attributes, ids, outputs);
    const values = binding.tensorDataSync(made[wanted]!.id) as Float32Array;
    for (const id of [...ids, ...made.map((tensor) => tensor.id)]) binding.deleteTensor(id);
    return values;
  });
}

/** Sums in float32 from the first step of the depth to the last, each product rounded before it is added. */
function inOrder(a: Values, b: Values): Float32Array {
  const [[rows, depth], columns] = [a.shape as [number, number], b.shape[1]!];
  const y = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < depth; k++)
      for (let column = 0; column < columns; column++) {
        const product = Math.fround(a.values[row * depth + k]! * b.values[k * columns + column]!);
        y[row * columns + column]! += product; // is rounded where it is stored
      }
  return y;
}

test('a product sums up from the first step to the last, in float32, whatever the tiles', () => {
  const draws = new Draws(2017);
  for (let round = 0; round < 80; round++) {
    const [rows, depth, columns] = [draws.whole(1, 50), draws.whole(1, 70), draws.whole(1, 70)];
    const [a, b] = [draws.floats([rows, depth]), draws.floats([depth, columns])];
    const attributes = [float32('T'), flag('transpose_a', false), flag('transpose_b', false)];
    const expected = inOrder(a, b);
    for (const actual of results('MatMul', attributes, [a, b], 1, 0)) expect(actual).toEqual(expected);
  }
});

test('the gradient of a kernel has the same bits with tiles of one panel and of two', () => {
  const draws = new Draws(7);
  for (let round = 0; round < 40; round++) {
    // From 64 channels on, both factors are packed; below they are read where they are.
    const [channels, filters] = [4 * draws.whole(1, 40), draws.whole(1, 50)];
    const images = [draws.whole(1, 3), draws.whole(1, 12), draws.whole(1, 12)];
    const [x, z] = [draws.floats([...images, channels], 0, 6), draws.floats([...images, filters])];
    const normalization = (size: number) => [
      draws.floats([size]),
      draws.floats([size], 0.5, 2),
      draws.floats([size], 0.5, 2),
      draws.floats([size]),
    ];
    const none = Array.from({ length: 4 }, () => draws.floats([0]));
    const gradients = [draws.floats([filters]), draws.floats([filters])];
    const kernel = draws.floats([channels, filters]);
    const ofZ = [z, ...normalization(filters), ...gradients, draws.floats(z.shape)];
    const attributes = [integer('clip', 1), integer('z_clip', 0), integer('rounded', 0)];
    const [narrow, wide] = results('RunnerPointwiseGradient', attributes, [x, ...none, kernel, ...ofZ], 4, 1);
    expect(narrow!.some((value) => value !== 0)).toBe(true);
    expect(wide).toEqual(narrow);
  }
});
