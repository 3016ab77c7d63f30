import type { FunctionDescription, RecordedCall, TensorDescription } from '../../engine/binding.js';
import { bytesOfType, sizeOf, type Entry, type Variable } from './tensors.js';

/** Operations whose result is the same numbers in another shape. */
export const viewOperations: ReadonlySet<string> = new Set(['Reshape', 'ExpandDims', 'Squeeze', 'Bitcast']);

/** Memory of a recorded function that several tensors share one after the other. */
export interface Buffer {
  readonly bytes: number;
  /** Calls that make it and that use it last. */
  readonly first: number;
  last: number;
  /** In the arena. */
  offset: number;
}

/** Where a tensor of a recorded function lies. */
export type Place =
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'output'; readonly index: number }
  | { readonly kind: 'constant'; readonly id: number }
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'arena'; readonly buffer: Buffer };

export interface PlannedTensor {
  readonly type: number;
  readonly shape: readonly number[];
  readonly place: Place;
}

export interface PlannedCall {
  readonly operation: string;
  readonly attributes: RecordedCall['attributes'];
  readonly inputs: readonly PlannedTensor[];
  readonly outputs: readonly PlannedTensor[];
}

export interface FunctionPlan {
  readonly calls: readonly PlannedCall[];
  readonly outputs: readonly PlannedTensor[];
  readonly arenaBytes: number;
}

/**
 * Gives every tensor of a recorded function its place. A view lies where its origin does, and so does the value of a
 * variable that is read and not changed while it is used. Calls that nobody needs are left out.
 */
export function planFunction(description: FunctionDescription, entryOf: (id: number) => Entry): FunctionPlan {
  const { inputs, constants, outputs } = description;
  const calls = neededCalls(description);
  const planned = new Map<number, PlannedTensor>();
  for (const [index, id] of inputs.entries()) {
    const entry = entryOf(id);
    planned.set(
      id,
      'variable' in entry
        ? { type: 1, shape: entry.variable.shape, place: { kind: 'variable', variable: entry.variable } }
        : { type: entry.type, shape: entry.shape, place: { kind: 'input', index } },
    );
  }
  for (const id of constants) {
    const entry = entryOf(id);
    if ('variable' in entry) throw new Error('A constant cannot be a variable');
    planned.set(id, { type: entry.type, shape: entry.shape, place: { kind: 'constant', id } });
  }
  const placeOf = (id: number): PlannedTensor => {
    const tensor = planned.get(id);
    if (!tensor) throw new Error(`Tensor ${id} is of no call, no input and no constant`);
    return tensor;
  };
  const isOutput = new Map(outputs.map((id, index) => [id, index]));
  const uses = usesOf(calls);
  const buffers: Buffer[] = [];
  const plannedCalls: PlannedCall[] = [];

  for (const [at, call] of calls.entries()) {
    const own = call.inputs.map(placeOf);
    for (const { place } of own) if (place.kind === 'arena') place.buffer.last = at;
    const [result] = call.results;
    const isView = viewOperations.has(call.operation);
    const reads = call.operation === 'ReadVariableOp';
    if (result && !isOutput.has(result.id) && (isView || (reads && uses.staysWhileUsed(at, call)))) {
      planned.set(result.id, { type: result.dtype, shape: result.shape, place: own[0]!.place });
      continue;
    }
    if (call.operation === 'AssignVariableOp') {
      plannedCalls.push({ operation: 'Copy', attributes: [], inputs: [own[1]!], outputs: [own[0]!] });
      continue;
    }
    const made = call.results.map((description): PlannedTensor => {
      const index = isOutput.get(description.id);
      const tensor = { type: description.dtype, shape: description.shape };
      if (index !== undefined) return { ...tensor, place: { kind: 'output', index } };
      const buffer = { bytes: bytesOf(description), first: at, last: at, offset: 0 };
      buffers.push(buffer);
      return { ...tensor, place: { kind: 'arena', buffer } };
    });
    for (const [index, { id }] of call.results.entries()) planned.set(id, made[index]!);
    // A view that is a result of the function has memory of its own, a value that is changed later too.
    const copies = isView || reads;
    plannedCalls.push({
      operation: copies ? 'Copy' : call.operation,
      attributes: copies ? [] : call.attributes,
      inputs: copies ? [{ ...own[0]!, type: made[0]!.type, shape: made[0]!.shape }] : own,
      outputs: made,
    });
  }
  return { calls: plannedCalls, outputs: outputs.map(placeOf), arenaBytes: placeBuffers(buffers) };
}

function bytesOf({ dtype, shape }: TensorDescription): number {
  return sizeOf(shape) * bytesOfType(dtype);
}

/** Those that change a variable, and those that these and the outputs depend on. */
function neededCalls({ calls, outputs }: FunctionDescription): RecordedCall[] {
  const needed = new Set(outputs);
  const kept: RecordedCall[] = [];
  for (const call of calls.toReversed()) {
    if (call.outputs.length > 0 && !call.outputs.some((id) => needed.has(id))) continue;
    for (const id of call.inputs) needed.add(id);
    kept.push(call);
  }
  return kept.reverse();
}

/** When tensors are used, views of them included, and when variables are changed. */
function usesOf(calls: readonly RecordedCall[]) {
  const origin = new Map<number, number>();
  const originOf = (id: number): number => origin.get(id) ?? id;
  const lastUse = new Map<number, number>();
  const changes = new Map<number, number[]>();
  for (const [at, { operation, inputs, outputs }] of calls.entries()) {
    for (const id of inputs) lastUse.set(originOf(id), at);
    if (viewOperations.has(operation)) origin.set(outputs[0]!, originOf(inputs[0]!));
    // What has no result changes whatever variable it is given.
    if (outputs.length === 0) for (const id of inputs) changes.set(id, [...(changes.get(id) ?? []), at]);
  }
  return {
    /** Whether the value that a call reads of a variable is the variable's until it is used last. */
    staysWhileUsed(at: number, { inputs, outputs }: RecordedCall): boolean {
      const last = lastUse.get(outputs[0]!) ?? at;
      return !(changes.get(inputs[0]!) ?? []).some((change) => change > at && change <= last);
    },
  };
}

const alignment = 64; // bytes of a line of the cache

/** Places buffers, the largest first, each as low as those leave room that live at the same time. @returns bytes of all */
function placeBuffers(buffers: readonly Buffer[]): number {
  const placed: Buffer[] = [];
  let bytes = 0;
  for (const buffer of buffers.toSorted((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    const beside = placed
      .filter(({ first, last }) => first <= buffer.last && last >= buffer.first)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const other of beside) {
      if (offset + buffer.bytes <= other.offset) break;
      offset = Math.max(offset, roundUp(other.offset + other.bytes));
    }
    buffer.offset = offset;
    placed.push(buffer);
    bytes = Math.max(bytes, offset + buffer.bytes);
  }
  return bytes;
}

export const roundUp = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
