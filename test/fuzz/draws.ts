import { createHash } from 'node:crypto';
import { unsafeUniformIntDistribution, xoroshiro128plus, type RandomGenerator } from 'pure-rand';

/** Random numbers that depend on nothing but the name of their stream. */
export class Draws {
  readonly #generator: RandomGenerator;

  constructor(stream: string) {
    this.#generator = xoroshiro128plus(createHash('sha256').update(stream).digest().readInt32LE());
  }

  /** A whole number from 0 to `count` − 1. */
  below(count: number): number {
    return unsafeUniformIntDistribution(0, count - 1, this.#generator);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }
}
