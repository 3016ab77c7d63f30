import type { FunctionDescription, TensorDescription } from '../../engine/binding.js';
import { planFunction, roundUp, type FunctionPlan, type PlannedTensor } from './function-plan.js';
import { callHead, operationNamed, recordBytes, recordWords, writeRecord } from './records.js';
import { bytesOfType, sizeOf, type Tensors } from './tensors.js';
import type { WasmModule } from './wasm-module.js';

/** Memory for the tensors within functions, of which one runs at a time. It grows to what the largest needs. */
export class Arena {
  address = 0;
  #bytes = 0;

  constructor(private readonly module: WasmModule) {}

  reserve(bytes: number): void {
    if (bytes <= this.#bytes) return;
    if (this.address !== 0) this.module.release(this.address);
    [this.address, this.#bytes] = [0, 0];
    this.address = this.module.allocate(bytes);
    this.#bytes = bytes;
  }
}

/**
 * A recorded function as one program in the module's memory: its calls one after the other, with the records of all
 * tensors. Addresses are written once, but for those of inputs, outputs and of an arena that has moved.
 */
export class RecordedFunction {
  readonly #plan: FunctionPlan;
  readonly #program: number;
  readonly #programBytes: number;
  /** Where the address of each input is written, in words. */
  readonly #inputRecords: number[][];
  readonly #outputRecords: number[][];
  readonly #arenaRecords: (readonly [word: number, offset: number])[] = [];
  #arenaAddress = -1;

  constructor(
    description: FunctionDescription,
    private readonly module: WasmModule,
    private readonly tensors: Tensors,
    private readonly arena: Arena,
  ) {
    this.#plan = planFunction(description, (id) => tensors.get(id));
    this.#inputRecords = description.inputs.map(() => []);
    this.#outputRecords = description.outputs.map(() => []);
    const constants = this.#copyConstants(description);
    const records = new Map<PlannedTensor, number>();
    const recordOf = (tensor: PlannedTensor) => {
      const known = records.get(tensor);
      if (known !== undefined) return known;
      records.set(tensor, records.size);
      return records.size - 1;
    };
    const calls = this.#plan.calls.map(({ operation, attributes, inputs, outputs }) => ({
      head: callHead(operation, operationNamed(module, operation), attributes, inputs.length, outputs.length),
      records: [...inputs, ...outputs].map(recordOf),
    }));
    const words = calls.reduce((sum, call) => sum + call.head.length + call.records.length, 0);
    this.#programBytes = words * 4;
    this.#program = module.allocate(this.#programBytes + records.size * recordBytes);
    const first = this.#program + this.#programBytes;
    module.words.set(
      calls.flatMap((call) => [...call.head, ...call.records.map((index) => first + index * recordBytes)]),
      this.#program / 4,
    );
    for (const [tensor, index] of records) {
      const word = first / 4 + index * recordWords;
      writeRecord(module.words, word, this.#addressOf(tensor, word, constants), tensor.type, tensor.shape);
    }
  }

  run(inputs: readonly number[]): TensorDescription[] {
    const { module, tensors, arena } = this;
    arena.reserve(this.#plan.arenaBytes);
    const addresses = this.#plan.outputs.map(({ type, shape }) =>
      module.allocate(Math.max(1, sizeOf(shape) * bytesOfType(type))),
    );
    const { words } = module;
    if (this.#arenaAddress !== arena.address) {
      for (const [word, offset] of this.#arenaRecords) words[word] = arena.address + offset;
      this.#arenaAddress = arena.address;
    }
    for (const [index, records] of this.#inputRecords.entries())
      for (const word of records) words[word] = tensors.dense(inputs[index]!).storage.address;
    for (const [index, records] of this.#outputRecords.entries())
      for (const word of records) words[word] = addresses[index]!;
    module.run(this.#program, this.#programBytes);
    return this.#plan.outputs.map(({ type, shape }, index) => ({
      id: tensors.adopt(type, shape, addresses[index]!),
      dtype: type,
      shape,
    }));
  }

  /**
   * Addresses of the constants, which stay when their tensors are deleted. They are copied to one place: where they were
   * made, each between two large tensors, they would leave no room for the arena in the memory that recording has used.
   */
  #copyConstants({ constants }: FunctionDescription): ReadonlyMap<number, number> {
    const { module, tensors } = this;
    const found = constants.map((id) => {
      const { type, shape, storage } = tensors.dense(id);
      return { id, from: storage.address, bytes: sizeOf(shape) * bytesOfType(type) };
    });
    let to = module.allocate(found.reduce((sum, { bytes }) => sum + roundUp(bytes), 1));
    const addresses = new Map<number, number>();
    for (const { id, from, bytes } of found) {
      module.bytes.copyWithin(to, from, from + bytes);
      addresses.set(id, to);
      to += roundUp(bytes);
    }
    return addresses;
  }

  /** The address where it is known by now; remembers where it is to be written where not. */
  #addressOf({ place }: PlannedTensor, word: number, constants: ReadonlyMap<number, number>): number {
    switch (place.kind) {
      case 'constant':
        return constants.get(place.id)!;
      case 'variable':
        if (place.variable.address === null) throw new Error('A variable is used before it has a value');
        return place.variable.address;
      case 'input':
        this.#inputRecords[place.index]!.push(word);
        return 0;
      case 'output':
        this.#outputRecords[place.index]!.push(word);
        return 0;
      case 'arena':
        this.#arenaRecords.push([word, place.buffer.offset]);
        return 0;
    }
  }
}
