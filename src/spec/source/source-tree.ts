import type { Place } from '../../diagnostics/code-frame.js';

/** A value of a file with its place, and those of everything in it. */
export type SourceNode = SourceMap | SourceList | SourceScalar;

export interface SourceMap {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, SourceEntry>;
  /** It was laid over a value that is no mapping, and so replaces what may lie below that. */
  readonly replaces?: true;
  /** Fields that it takes away from what may lie below, since it has, or had, another form. */
  readonly drops?: readonly string[];
}

export interface SourceEntry {
  /** Where the key stands. */
  readonly key: Place;
  readonly node: SourceNode;
}

export interface SourceList {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly SourceNode[];
}

export interface SourceScalar {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: string | number | boolean | null;
}

/** Keys and indices from the top of a file down to a value. */
export type SourcePath = readonly (string | number)[];

/** Fields of the mapping `seeds` of which one group alone can be meant. */
const formsOfSeeds = [['count'], ['until', 'min', 'max']];

/**
 * Lays one tree over another: mappings are merged deeply, everything else is replaced whole. Seeds in another form take
 * the place of those below. Associative: it does not matter by which files a chain of `extends` is cut.
 */
export function mergeTrees(base: SourceNode, over: SourceNode, name = ''): SourceNode {
  if (over.kind !== 'map' || over.replaces) return over;
  if (base.kind !== 'map') return { ...over, replaces: true };
  const dropped = name === 'seeds' ? droppedBy(over) : [];
  const entries = new Map([...base.entries].filter(([field]) => !dropped.includes(field)));
  for (const [name, entry] of over.entries) {
    const below = entries.get(name);
    entries.set(name, below ? { key: entry.key, node: mergeTrees(below.node, entry.node, name) } : entry);
  }
  const merged = { ...base, place: over.place, entries };
  return name === 'seeds'
    ? { ...merged, drops: [...new Set([...droppedBy(base), ...dropped])].sort() }
    : merged;
}

/** What a mapping `seeds` takes away below: the fields of the forms that are not its own. */
function droppedBy({ entries, drops = [] }: SourceMap): string[] {
  const own = formsOfSeeds.filter((form) => form.some((field) => entries.has(field)));
  return [...drops, ...own.flatMap((form) => formsOfSeeds.flat().filter((field) => !form.includes(field)))];
}

/** The tree as a plain value. */
export function toValue(node: SourceNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toValue);
    case 'map': // fromEntries defines, and so keeps, even a key `__proto__`
      return Object.fromEntries([...node.entries].map(([name, { node: child }]) => [name, toValue(child)]));
  }
}

/** The node at a path; null where the file has none. */
export function findNode(root: SourceNode, path: SourcePath): SourceNode | null {
  return findEntry(root, path)?.node ?? null;
}

/** Where the value at a path stands; for one that the file does not give, the nearest that holds it. */
export function placeOf(root: SourceNode, path: SourcePath): Place {
  const node = findNode(root, path);
  return node ? node.place : keyPlaceOf(root, path.slice(0, -1));
}

/** Where the key (of a list's item: the item) at a path stands; otherwise as `placeOf`. */
export function keyPlaceOf(root: SourceNode, path: SourcePath): Place {
  if (path.length === 0) return root.place;
  return findEntry(root, path)?.key ?? keyPlaceOf(root, path.slice(0, -1));
}

function findEntry(root: SourceNode, path: SourcePath): SourceEntry | null {
  let found: SourceEntry = { key: root.place, node: root };
  for (const step of path) {
    const next: SourceEntry | null = childOf(found.node, step);
    if (!next) return null;
    found = next;
  }
  return found;
}

function childOf(node: SourceNode, step: string | number): SourceEntry | null {
  if (node.kind === 'map') return node.entries.get(String(step)) ?? null;
  const item = node.kind === 'list' ? node.items[Number(step)] : undefined;
  return item ? { key: item.place, node: item } : null;
}

/** The number at a path; null where there is none. */
export function numberAt(tree: SourceNode, path: SourcePath): number | null {
  const node = findNode(tree, path);
  return node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : null;
}

/** The text at a path; null where there is none. */
export function textAt(tree: SourceNode, path: SourcePath): string | null {
  const node = findNode(tree, path);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
}
