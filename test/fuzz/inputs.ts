import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as binaryTargets from './binary-targets.js';
import { Draws } from './draws.js';
import * as experimentTargets from './experiment-targets.js';
import { mutateBytes } from './mutate-bytes.js';
import { mutateTree } from './mutate-tree.js';
import * as resultsTargets from './results-targets.js';
import type { Target } from './target.js';

export const targets: Readonly<Record<string, Target>> = {
  ...experimentTargets,
  ...resultsTargets,
  ...binaryTargets,
};

const corpus = fileURLToPath(new URL('corpus/', import.meta.url));

/** A target's inputs, by number: first the corpus as it is, then what mutations make of it. */
export class Inputs {
  readonly #name: string;
  readonly #target: Target;
  readonly #seeds: readonly Buffer[];
  readonly #trees: readonly unknown[];

  constructor(
    name: string,
    private readonly seed: number,
  ) {
    this.#name = name;
    this.#target = targets[name]!;
    const folder = join(corpus, name);
    const files = existsSync(folder) ? readdirSync(folder).sort() : [];
    this.#seeds =
      files.length === 0 ? [Buffer.alloc(0)] : files.map((file) => readFileSync(join(folder, file)));
    const { tree } = this.#target;
    this.#trees = this.#seeds.flatMap((bytes) => {
      try {
        return tree ? [tree.parse(bytes)] : [];
      } catch {
        return [];
      }
    });
  }

  /** A function of the target, the seed, the number and the corpus. */
  at(index: number): Buffer {
    const whole = this.#seeds[index];
    if (whole) return whole;
    const { words, tree, seal } = this.#target;
    const draws = new Draws(`${this.#name} ${this.seed} ${index}`);
    const changed =
      tree && this.#trees.length > 0 && draws.oneIn(2)
        ? tree.print(mutateTree(draws.pick(this.#trees), this.#trees, words, draws))
        : mutateBytes(draws.pick(this.#seeds), this.#seeds, words, draws);
    return seal && !draws.oneIn(4) ? seal(changed) : changed;
  }
}
