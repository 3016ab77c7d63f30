/** The operations of the WebAssembly engine against TensorFlow's own, on random shapes and numbers. */
import { expect, test } from 'vitest';
import type { Binding, TensorDescription } from '../../../src/engine/binding.js';
import { backend, float32, shape, text } from '../../../src/engine/raw-operations.js';
import { WasmBinding } from '../../../src/engines/wasm/wasm-binding.js';
import { wasmPath } from './wasm-path.js';
import { cases } from './cases.js';
import { Draws, type Case, type Values } from './draws.js';

const tensorflow = backend.binding;
const wasm = new WasmBinding(wasmPath);
let variables = 0;

/** The call's results, and after them what has become of its variables. */
function results(binding: Binding, operation: string, { attributes, inputs, outputs, variables = 0 }: Case) {
  const tensors = inputs.map(({ shape, type, values }) => binding.createTensor([...shape], type, values));
  const handles = tensors
    .slice(0, variables)
    .map((tensor, index) => makeVariable(binding, tensor, inputs[index]!));
  const given = [...handles, ...tensors.slice(variables)];
  const made = binding.executeOp(operation, [...attributes], given, outputs);
  const after = handles.map(
    (handle) => binding.executeOp('ReadVariableOp', [float32('dtype')], [handle], 1)[0]!,
  );
  return [...made, ...after].map((description) => ({
    ...description,
    values: valuesOf(binding, description),
  }));
}

function makeVariable(binding: Binding, value: number, { shape: dimensions }: Values): number {
  const name = text('shared_name', `differential-${variables++}`);
  const attributes = [text('container', ''), name, float32('dtype'), shape('shape', dimensions)];
  const [handle] = binding.executeOp('VarHandleOp', attributes, [], 1);
  binding.executeOp('AssignVariableOp', [float32('dtype')], [handle!.id, value], 0);
  return handle!.id;
}

const valuesOf = (binding: Binding, { id }: TensorDescription) =>
  binding.tensorDataSync(id) as Float32Array | Int32Array | Uint8Array;

/** The largest distance, in parts of the larger of 1 and the expected number; what is not finite is to be the same. */
function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0;
  for (let index = 0; index < expected.length; index++) {
    const [a, b] = [actual[index]!, expected[index]!];
    if (Object.is(a, b) || a === b) continue;
    largest = Math.max(
      largest,
      Number.isFinite(a - b) ? Math.abs(a - b) / Math.max(1, Math.abs(b)) : Infinity,
    );
  }
  return largest;
}

test.each(Object.entries(cases))('%s', (operation, { draw, tolerance }) => {
  const draws = new Draws(2017);
  for (let round = 0; round < 60; round++) {
    const drawn = draw(draws);
    const expected = results(tensorflow, operation, drawn);
    const actual = results(wasm, operation, drawn);
    const inputs = JSON.stringify(drawn, (_, value: unknown) =>
      ArrayBuffer.isView(value) ? undefined : value,
    );
    expect(
      actual.map(({ shape, dtype }) => ({ shape, dtype })),
      inputs,
    ).toEqual(expected.map(({ shape, dtype }) => ({ shape, dtype })));
    for (const [index, { values }] of expected.entries())
      expect(distance(actual[index]!.values, values), inputs).toBeLessThanOrEqual(tolerance);
  }
});

test('every operation of the module is compared, but for the kernels that both engines are compiled from', () => {
  const compared = new Set([...Object.keys(cases), 'Copy']);
  const all = wasm.operations();
  expect(all.filter((name) => !compared.has(name) && !name.startsWith('Runner'))).toEqual([]);
  expect(Object.keys(cases).filter((name) => !all.includes(name))).toEqual([]);
});

test('what is not a number passes through all that could lose it', () => {
  const odd: Values = { type: 1, shape: [4], values: Float32Array.from([NaN, 1, NaN, Infinity]) };
  const other: Values = { type: 1, shape: [4], values: Float32Array.from([1, NaN, NaN, 2]) };
  for (const operation of ['Add', 'Mul', 'Maximum', 'Minimum', 'RealDiv']) {
    const drawn = { attributes: [float32('T')], inputs: [odd, other], outputs: 1 };
    const [expected, actual] = [tensorflow, wasm].map(
      (binding) => results(binding, operation, drawn)[0]!.values,
    );
    expect(Array.from(actual!), operation).toEqual(Array.from(expected!));
  }
});

test('what does not fit is refused in words, and the engine goes on', () => {
  const [a, b] = [
    wasm.createTensor([2], 1, new Float32Array(2)),
    wasm.createTensor([3], 1, new Float32Array(3)),
  ];
  expect(() => wasm.executeOp('Add', [], [a, b], 1)).toThrow('Add: the shapes do not fit each other');
  expect(() => wasm.executeOp('Conv9D', [], [a], 1)).toThrow('no operation Conv9D');
  const [sum] = wasm.executeOp('Add', [], [a, a], 1);
  expect(Array.from(wasm.tensorDataSync(sum!.id) as Float32Array)).toEqual([0, 0]);
});
