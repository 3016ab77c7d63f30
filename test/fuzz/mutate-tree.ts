import type { Draws } from './draws.js';

/** Lists and objects, as JSON has them. */
type Tree = unknown;
type Container = Record<string, Tree> | Tree[];

const specials: readonly Tree[] = [
  ...[null, true, false, '', 'none', 0, -0, -1, 0.1, 1e308, 1e-320, 2 ** 32, 2 ** 53 + 2, 1e15],
  ...[[], {}, [[]], [null], { count: 1e15 }, { start: 0, stop: 1, step: 1e-12 }, { values: [1, 2] }],
  'x'.repeat(1000),
  Array.from({ length: 100 }, (_, index) => index),
  Array.from({ length: 200 }).reduce<Tree>((inner) => [inner], 1),
];

/** A tree made of another by up to four changes: parts left out, copied, exchanged, renamed. The first stays as it is. */
export function mutateTree(
  tree: Tree,
  others: readonly Tree[],
  words: readonly string[],
  draws: Draws,
): Tree {
  const root = { root: structuredClone(tree) };
  for (let changes = 1 + draws.below(4); changes > 0; changes--) {
    const [container, key] = draws.pick(slotsOf(root));
    mutateSlot(container, key, others, words, draws);
  }
  return root.root;
}

function mutateSlot(
  container: Container,
  key: string,
  others: readonly Tree[],
  words: readonly string[],
  draws: Draws,
): void {
  const value = valueIn(container, key);
  switch (draws.below(6)) {
    case 0:
      if (Array.isArray(container)) container.splice(Number(key), 1);
      else if (key !== 'root') delete container[key];
      return;
    case 1:
      return define(container, key, structuredClone(draws.pick(specials)));
    case 2:
      return define(container, key, draws.pick(words));
    case 3: {
      const [other, at] = draws.pick(slotsOf({ root: draws.pick(others) }));
      return define(container, key, structuredClone(valueIn(other, at)));
    }
    case 4:
      if (Array.isArray(container)) container.push(...Array<Tree>(1 + draws.below(20)).fill(value));
      else define(container, draws.pick(words), structuredClone(value));
      return;
    default:
      return define(container, key, typeof value === 'number' ? draws.below(100) - 10 : [value]);
  }
}

/** Every place of a value in a tree. */
function slotsOf(container: Container, into: [Container, string][] = []): [Container, string][] {
  for (const [key, value] of Object.entries(container)) {
    into.push([container, key]);
    if (typeof value === 'object' && value !== null) slotsOf(value as Container, into);
  }
  return into;
}

const valueIn = (container: Container, key: string): Tree =>
  Object.getOwnPropertyDescriptor(container, key)?.value as Tree;

/** Also a field `__proto__`, which an assignment would not make. */
function define(container: Container, key: string, value: Tree): void {
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
}
