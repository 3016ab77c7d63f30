import type { WasmModule } from './wasm-module.js';

/** TensorFlow's numbers of types; src/engines/wasm/native/operation.h has the same. */
export const types = { float32: 1, int32: 3, uint8: 4, bool: 10, resource: 20 } as const;

export const bytesOfType = (type: number): number => (type === types.uint8 || type === types.bool ? 1 : 4);

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** Memory that one tensor has, or several that are the same numbers in other shapes. */
export interface Storage {
  readonly address: number;
  owners: number;
}

/** A variable has its place for life, since recorded functions know it. */
export interface Variable {
  readonly shape: readonly number[];
  readonly bytes: number;
  /** Null until its first value. */
  address: number | null;
}

export interface DenseTensor {
  readonly type: number;
  readonly shape: readonly number[];
  readonly storage: Storage;
}

/** What a number stands for: a tensor, or a variable. */
export type Entry = DenseTensor | { readonly variable: Variable };

/** All tensors by their numbers, which are never given twice. */
export class Tensors {
  readonly #entries = new Map<number, Entry>();
  #next = 1;

  constructor(private readonly module: WasmModule) {}

  get count(): number {
    return this.#entries.size;
  }

  add(entry: Entry): number {
    const id = this.#next++;
    this.#entries.set(id, entry);
    return id;
  }

  /** Of memory that the module has allocated, which it takes over. */
  adopt(type: number, shape: readonly number[], address: number): number {
    return this.add({ type, shape, storage: { address, owners: 1 } });
  }

  /** The same numbers in another shape, or as another type of as many bytes. */
  view({ storage }: DenseTensor, type: number, shape: readonly number[]): number {
    storage.owners++;
    return this.add({ type, shape, storage });
  }

  get(id: number): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new Error(`There is no tensor ${id}`);
    return entry;
  }

  dense(id: number): DenseTensor {
    const entry = this.get(id);
    if ('variable' in entry) throw new Error('Expected a tensor, not a variable');
    return entry;
  }

  variable(id: number): Variable {
    const entry = this.get(id);
    if (!('variable' in entry)) throw new Error('Expected a variable');
    return entry.variable;
  }

  delete(id: number): void {
    const entry = this.get(id);
    this.#entries.delete(id);
    if (!('variable' in entry)) this.letGo(entry.storage);
  }

  letGo(storage: Storage): void {
    if (--storage.owners === 0) this.module.release(storage.address);
  }
}
