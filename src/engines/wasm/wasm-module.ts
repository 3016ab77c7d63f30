import { readFileSync } from 'node:fs';
import { widenVectors } from './widen-vectors.js';

interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  /** @returns how many operations there are */
  setUp(takesWideTiles: boolean): number;
  describeOperation(index: number): number;
  allocate(bytes: number): number;
  release(address: number): void;
  run(program: number, end: number): void;
  takeFailure(): number;
  forgetFailure(): void;
}

/** An operation of the module: its place in the table, and the attributes that it reads, in their order. */
export interface WasmOperation {
  readonly index: number;
  readonly attributes: readonly string[];
}

/** The compiled C++ of native/ with its memory. Addresses are bytes from its beginning. */
export class WasmModule {
  readonly operations: ReadonlyMap<string, WasmOperation>;
  readonly #exports: Exports;
  #words = new Int32Array(0);
  #bytes = new Uint8Array(0);

  /** @param takesWideTiles see native/product-tiles.h; the numbers are the same */
  constructor(path: string, takesWideTiles: boolean = widenVectors()) {
    const nothing = () => 0; // the C library would write to a terminal; nothing here does
    const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {
      wasi_snapshot_preview1: { fd_close: nothing, fd_seek: nothing, fd_write: nothing },
    });
    this.#exports = instance.exports as unknown as Exports;
    this.#exports._initialize();
    const count = this.#exports.setUp(takesWideTiles);
    this.operations = new Map(
      Array.from({ length: count }, (_, index) => {
        const [name, ...attributes] = this.#text(this.#exports.describeOperation(index)).split(' ');
        return [name!, { index, attributes }] as const;
      }),
    );
  }

  /** The memory as int32. Another array after it has grown: it is not to be kept. */
  get words(): Int32Array {
    const { buffer } = this.#exports.memory;
    if (this.#words.buffer !== buffer) this.#words = new Int32Array(buffer);
    return this.#words;
  }

  /** As `words`. */
  get bytes(): Uint8Array {
    const { buffer } = this.#exports.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes;
  }

  /** @returns the address, divisible by 16. @throws Error where memory is out */
  allocate(bytes: number): number {
    if (bytes > 0xffff_ffff) throw outOfMemory();
    return this.#attempt(() => this.#exports.allocate(bytes)) >>> 0;
  }

  release(address: number): void {
    this.#exports.release(address);
  }

  /** Runs the calls of a program (see module.cc) that lies at an address. @throws Error that says why one is refused */
  run(program: number, bytes: number): void {
    this.#attempt(() => this.#exports.run(program, program + bytes));
  }

  #attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      const failure = this.#text(this.#exports.takeFailure());
      this.#exports.forgetFailure();
      if (failure.startsWith('out of memory')) throw outOfMemory();
      if (failure !== '') throw refusal(failure);
      throw error;
    }
  }

  #text(address: number): string {
    const { bytes } = this;
    return Buffer.from(bytes.subarray(address, bytes.indexOf(0, address))).toString('latin1');
  }
}

/** As TensorFlow's binding begins it: 3 is an argument that is refused. */
export function refusal(message: string): Error {
  return new Error(`Invalid TF_Status: 3\nMessage: ${message}`);
}

/** As TensorFlow's binding begins it: 8 is a resource that is exhausted. */
function outOfMemory(): Error {
  return new Error(
    'Invalid TF_Status: 8\nMessage: the 4 GiB that WebAssembly can address are used up, or the system has no more',
  );
}
