import type { Attribute, Binding, FunctionDescription, TensorDescription } from '../../engine/binding.js';
import { viewOperations } from './function-plan.js';
import { callHead, describeEntry, operationNamed, recordBytes, recordWords, writeRecord } from './records.js';
import { Arena, RecordedFunction } from './recorded-function.js';
import { bytesOfType, sizeOf, Tensors, types, type DenseTensor } from './tensors.js';
import { refusal, WasmModule } from './wasm-module.js';

/**
 * TensorFlow's operations, as many of them as training asks for, by the module of native/: what TensorFlow.js' back end
 * loads in the place of its binding. Views, variables and recorded functions are kept here; all else is C++.
 */
export class WasmBinding implements Binding {
  readonly TF_FLOAT = types.float32;
  readonly TF_INT32 = types.int32;
  readonly TF_UINT8 = types.uint8;
  readonly TF_BOOL = types.bool;
  readonly TF_RESOURCE = types.resource;
  readonly TF_ATTR_STRING = 0;
  readonly TF_ATTR_INT = 1;
  readonly TF_ATTR_FLOAT = 2;
  readonly TF_ATTR_BOOL = 3;
  readonly TF_ATTR_TYPE = 4;
  readonly TF_ATTR_SHAPE = 5;
  readonly TF_Version = 'WebAssembly';
  readonly #module: WasmModule;
  readonly #tensors: Tensors;
  readonly #arena: Arena;
  readonly #functions = new Map<string, RecordedFunction>();
  /** Where one call is written. */
  #scratch = { address: 0, bytes: 0 };

  /** @param path of the compiled module @param takesWideTiles see WasmModule */
  constructor(path: string, takesWideTiles?: boolean) {
    this.#module = new WasmModule(path, takesWideTiles);
    this.#tensors = new Tensors(this.#module);
    this.#arena = new Arena(this.#module);
  }

  isUsingGpuDevice(): boolean {
    return false;
  }

  getNumOfTensors(): number {
    return this.#tensors.count;
  }

  /** Names of what the module computes. */
  operations(): string[] {
    return [...this.#module.operations.keys()];
  }

  createTensor(shape: readonly number[], type: number, values: ArrayLike<number> & ArrayBufferView): number {
    const bytes = sizeOf(shape) * bytesOfType(type);
    const address = this.#module.allocate(Math.max(bytes, 1));
    this.#write(address, bytes, type, values);
    return this.#tensors.adopt(type, shape, address);
  }

  deleteTensor(tensor: number): void {
    this.#tensors.delete(tensor);
  }

  tensorDataSync(tensor: number): ArrayBufferView {
    const { type, shape, storage } = this.#tensors.dense(tensor);
    const start = storage.address;
    const { buffer } = this.#module.bytes.slice(start, start + sizeOf(shape) * bytesOfType(type));
    if (type === types.float32) return new Float32Array(buffer);
    return type === types.int32 ? new Int32Array(buffer) : new Uint8Array(buffer);
  }

  addFunction(description: FunctionDescription): void {
    const added = new RecordedFunction(description, this.#module, this.#tensors, this.#arena);
    this.#functions.set(description.name, added);
  }

  executeOp(
    operation: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorDescription[] {
    const added = this.#functions.get(operation);
    if (added) return added.run(inputs);
    if (viewOperations.has(operation)) return [this.#view(operation, attributes, inputs)];
    switch (operation) {
      case 'VarHandleOp': {
        const shape = attributes.find(({ name }) => name === 'shape')!.value as readonly number[];
        const bytes = sizeOf(shape) * 4;
        const id = this.#tensors.add({ variable: { shape, bytes, address: null } });
        return [{ id, shape: [], dtype: types.resource }];
      }
      case 'ReadVariableOp':
        return this.#call('Copy', [], inputs, 1);
      case 'AssignVariableOp': {
        const variable = this.#tensors.variable(inputs[0]!);
        const { storage, shape } = this.#tensors.dense(inputs[1]!);
        if (shape.join() !== variable.shape.join())
          throw refusal(`a value [${shape.join()}] does not fit a variable [${variable.shape.join()}]`);
        variable.address ??= this.#module.allocate(Math.max(variable.bytes, 1));
        this.#module.bytes.copyWithin(variable.address, storage.address, storage.address + variable.bytes);
        return [];
      }
      case 'DestroyResourceOp': {
        const variable = this.#tensors.variable(inputs[0]!);
        if (variable.address !== null) this.#module.release(variable.address);
        variable.address = null;
        return [];
      }
      default:
        return this.#call(operation, attributes, inputs, outputs);
    }
  }

  /** Runs one operation, which allocates its outputs. */
  #call(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorDescription[] {
    const module = this.#module;
    const head = callHead(name, operationNamed(module, name), attributes, inputs.length, outputs);
    const count = inputs.length + outputs;
    const callBytes = (head.length + count) * 4;
    const program = this.#scratchOf(callBytes + count * recordBytes);
    const first = program + callBytes;
    const { words } = module;
    const records = Array.from({ length: count }, (_, index) => first + index * recordBytes);
    words.set([...head, ...records], program / 4);
    for (const [index, id] of inputs.entries()) {
      const { address, type, shape } = describeEntry(this.#tensors.get(id));
      writeRecord(words, records[index]! / 4, address, type, shape);
    }
    for (const record of records.slice(inputs.length)) words.fill(0, record / 4, record / 4 + recordWords);
    module.run(program, callBytes);
    return records.slice(inputs.length).map((record) => this.#readRecord(record / 4));
  }

  #readRecord(word: number): TensorDescription {
    const { words } = this.#module; // not those before the call: the memory may have grown
    const [address, dtype, rank] = [words[word]! >>> 0, words[word + 1]!, words[word + 2]!];
    const shape = Array.from(words.subarray(word + 3, word + 3 + rank));
    return { id: this.#tensors.adopt(dtype, shape, address), dtype, shape };
  }

  #scratchOf(bytes: number): number {
    if (bytes > this.#scratch.bytes) {
      if (this.#scratch.address !== 0) this.#module.release(this.#scratch.address);
      this.#scratch = { address: this.#module.allocate(2 * bytes), bytes: 2 * bytes };
    }
    return this.#scratch.address;
  }

  #view(operation: string, attributes: readonly Attribute[], inputs: readonly number[]): TensorDescription {
    const tensor = this.#tensors.dense(inputs[0]!);
    const type =
      operation === 'Bitcast'
        ? (attributes.find(({ name }) => name === 'type')!.value as number)
        : tensor.type;
    const shape = this.#viewShape(operation, attributes, tensor, inputs[1]);
    return { id: this.#tensors.view(tensor, type, shape), dtype: type, shape };
  }

  #viewShape(
    operation: string,
    attributes: readonly Attribute[],
    { type, shape }: DenseTensor,
    argument: number | undefined,
  ): readonly number[] {
    const given = argument === undefined ? [] : Array.from(this.tensorDataSync(argument) as Int32Array);
    switch (operation) {
      case 'Reshape': {
        const known = given.filter((size) => size !== -1);
        const sizes = given.map((size) => (size === -1 ? sizeOf(shape) / sizeOf(known) : size));
        if (sizeOf(sizes) !== sizeOf(shape))
          throw refusal(`${operation}: [${shape.join()}] cannot become [${given.join()}]`);
        return sizes;
      }
      case 'ExpandDims': {
        const axis = given[0]! < 0 ? given[0]! + shape.length + 1 : given[0]!;
        return shape.toSpliced(axis, 0, 1);
      }
      case 'Squeeze': {
        const listed = attributes.find(({ name }) => name === 'squeeze_dims')?.value;
        const axes = (listed as readonly number[] | undefined)?.map((axis) =>
          axis < 0 ? axis + shape.length : axis,
        );
        return shape.filter((size, axis) => size !== 1 || (axes && axes.length > 0 && !axes.includes(axis)));
      }
      default: {
        const wanted = attributes.find(({ name }) => name === 'type')!.value as number;
        const ratio = bytesOfType(type) / bytesOfType(wanted);
        return ratio === 1 ? shape : ratio > 1 ? [...shape, ratio] : shape.slice(0, -1);
      }
    }
  }

  #write(address: number, bytes: number, type: number, values: ArrayLike<number> & ArrayBufferView): void {
    const { buffer } = this.#module.bytes;
    const length = bytes / bytesOfType(type);
    if (values.length !== length)
      throw refusal(`the values of a tensor are ${values.length}, its size is ${length}`);
    if (type === types.float32) new Float32Array(buffer, address, length).set(values);
    else if (type === types.int32) new Int32Array(buffer, address, length).set(values);
    else new Uint8Array(buffer, address, length).set(values);
  }
}
