/** Random inputs for operations, the same on every run. */
import { xoroshiro128plus, unsafeUniformIntDistribution } from 'pure-rand';
import type { Attribute } from '../../../src/engine/binding.js';
import { flag, float32, int32, integer } from '../../../src/engine/raw-operations.js';
import { types } from '../../../src/engines/wasm/tensors.js';

export interface Values {
  readonly type: number;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** A call of an operation; `variables`: how many of the inputs, the first ones, are variables. */
export interface Case {
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly Values[];
  readonly outputs: number;
  readonly variables?: number;
}

export class Draws {
  readonly #generator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** From `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return unsafeUniformIntDistribution(low, high, this.#generator);
  }

  one<T>(values: readonly T[]): T {
    return values[this.whole(0, values.length - 1)]!;
  }

  real(low: number, high: number): number {
    return Math.fround(low + ((high - low) * this.whole(0, 1 << 30)) / (1 << 30));
  }

  /** Up to 4 dimensions of 1 to 9 elements. */
  shape(lowest = 0, highest = 4): number[] {
    return Array.from({ length: this.whole(lowest, highest) }, () => this.whole(1, 9));
  }

  floats(shape: readonly number[], low = -4, high = 4): Values {
    return floats(
      shape,
      Array.from({ length: size(shape) }, () => this.real(low, high)),
    );
  }

  ints(shape: readonly number[], low = -9, high = 9): Values {
    return ints(
      shape,
      Array.from({ length: size(shape) }, () => this.whole(low, high)),
    );
  }

  bools(shape: readonly number[]): Values {
    const values = Uint8Array.from({ length: size(shape) }, () => this.whole(0, 1));
    return { type: types.bool, shape, values };
  }

  bytes(shape: readonly number[]): Values {
    const values = Uint8Array.from({ length: size(shape) }, () => this.whole(0, 255));
    return { type: types.uint8, shape, values };
  }

  /** Of any type. */
  anything(shape: readonly number[]): Values {
    return this.one([() => this.floats(shape), () => this.ints(shape), () => this.bools(shape)])();
  }

  /** Two shapes that are broadcast to one. */
  pair(): [number[], number[]] {
    const shape = this.shape();
    const part = () => {
      const some = shape.map((size) => (this.whole(0, 3) === 0 ? 1 : size));
      return some.slice(this.whole(0, 2) === 0 ? this.whole(0, some.length) : 0);
    };
    return this.whole(0, 1) === 0 ? [part(), shape] : [shape, part()];
  }

  /** Some of the dimensions of a shape, each once. */
  axes(shape: readonly number[]): number[] {
    return shape.flatMap((_, axis) => (this.whole(0, 1) === 0 ? [axis] : []));
  }

  shuffled(count: number): number[] {
    const left = Array.from({ length: count }, (_, index) => index);
    return Array.from({ length: count }, () => left.splice(this.whole(0, left.length - 1), 1)[0]!);
  }
}

export const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
export const floats = (shape: readonly number[], values: readonly number[]): Values => ({
  type: types.float32,
  shape,
  values: Float32Array.from(values),
});
export const ints = (shape: readonly number[], values: readonly number[]): Values => ({
  type: types.int32,
  shape,
  values: Int32Array.from(values),
});
export const vector = (...values: number[]): Values => ints([values.length], values);
export const scalar = (value: number): Values => floats([], [value]);
export const place = (value: number): Values => ints([], [value]);

/** The attribute that says of which type something is. */
export const typeOf = ({ type }: Values, name = 'T'): Attribute => ({ ...float32(name), value: type });
export { flag, float32, int32, integer };
