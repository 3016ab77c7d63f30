import { types, type Entry } from './tensors.js';
import { refusal, type WasmModule, type WasmOperation } from './wasm-module.js';
import type { Attribute } from '../../engine/binding.js';

/** A tensor in memory as native/operation.h has it: address, type, dimensions, and room for six of them. */
export const recordWords = 9;
export const recordBytes = recordWords * 4;
const maximumRank = 6;

/** @param at in words; @param address 0: the operation finds a place */
export function writeRecord(
  words: Int32Array,
  at: number,
  address: number,
  type: number,
  shape: readonly number[],
): void {
  if (shape.length > maximumRank)
    throw refusal(`a tensor of ${shape.length} dimensions, of which this engine knows ${maximumRank}`);
  words[at] = address;
  words[at + 1] = type;
  words[at + 2] = shape.length;
  words.set(shape, at + 3);
}

/** A variable is handed to an operation as the tensor of its numbers. */
export function describeEntry(entry: Entry): { address: number; type: number; shape: readonly number[] } {
  if (!('variable' in entry)) return { address: entry.storage.address, type: entry.type, shape: entry.shape };
  const { address, shape } = entry.variable;
  if (address === null) throw refusal('a variable is used before it has a value');
  return { address, type: types.float32, shape };
}

/** The words of a call but for its records. */
export function callHead(
  name: string,
  operation: WasmOperation,
  attributes: readonly Attribute[],
  inputs: number,
  outputs: number,
): number[] {
  const values = operation.attributes.map((wanted) => {
    const value = attributes.find((attribute) => attribute.name === wanted)?.value;
    if (typeof value === 'boolean') return Number(value);
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw refusal(`${name}: expected a whole number or a truth value as its attribute ${wanted}`);
  });
  return [operation.index, inputs, outputs, ...values];
}

export function operationNamed(module: WasmModule, name: string): WasmOperation {
  const operation = module.operations.get(name);
  // As TensorFlow's binding begins it: 12 is what is not implemented.
  if (!operation)
    throw new Error(`Invalid TF_Status: 12\nMessage: the WebAssembly engine has no operation ${name}`);
  return operation;
}
