import type { Place } from '../diagnostics/code-frame.js';
import type { FileProblem } from '../diagnostics/file-problem.js';
import { gridFields, gridPaths, listParameterMappings, type ParameterMapping } from './parameter-mappings.js';
import { describePath } from './source/source-path.js';
import { keyPlaceOf, type SourceMap, type SourceNode } from './source/source-tree.js';

/** A parameter given by a dimension: by an axis, a zip group, the variants, an override. */
interface Use {
  readonly parameter: string;
  readonly key: Place;
  /** For people: `matrix`, `zip.size`, `variants.wide`. */
  readonly dimension: string;
  /** Uses of one owner do not conflict: variants and overrides set the same parameters again and again. */
  readonly owner: string;
}

/** A parameter belongs to one dimension only, and the lists of a zip group are equally long. */
export function checkDimensions(tree: SourceNode): FileProblem[] {
  const mappings = listParameterMappings(tree);
  return [...checkZipLengths(tree, mappings), ...checkConflicts(tree, mappings)];
}

function checkZipLengths(tree: SourceNode, mappings: readonly ParameterMapping[]): FileProblem[] {
  return mappings.flatMap(({ kind, path, node }): FileProblem[] => {
    if (kind !== 'columns') return [];
    const lists = [...node.entries].flatMap(([name, { node: list }]) =>
      list.kind === 'list' ? [{ name, length: list.items.length }] : [],
    );
    if (new Set(lists.map(({ length }) => length)).size < 2) return [];
    const place = keyPlaceOf(tree, path);
    return [{ kind: 'file', reason: 'zip-lengths', place, group: describePath(path), lists }];
  });
}

function checkConflicts(tree: SourceNode, mappings: readonly ParameterMapping[]): FileProblem[] {
  const usesAt = (...kinds: readonly string[]) =>
    mappings.filter(({ path }) => kinds.includes(String(path[0]))).flatMap(usesOf);
  const shared = { before: usesAt('variants'), after: usesAt('zip', 'overrides') };
  const grids = gridPaths(tree).map((grid) =>
    mappings
      .filter(({ path }) => grid.every((step, depth) => path[depth] === step))
      .flatMap((mapping) => usesOf(mapping)),
  );
  // Two grids may sweep one parameter: no cell is in both.
  const scopes = grids.length === 0 ? [[]] : grids;
  return scopes.flatMap((own) => findConflicts([...shared.before, ...own, ...shared.after]));
}

function usesOf({ kind, path, node }: ParameterMapping): Use[] {
  const dimension = describePath(path);
  switch (kind) {
    case 'patch': {
      const owner = String(path[0]);
      return leavesOf(node, '').map(([parameter, key]) => ({ parameter, key, dimension, owner }));
    }
    case 'axes':
    case 'columns':
      return [...node.entries]
        .filter(([name]) => kind === 'columns' || !gridFields.includes(name))
        .map(([parameter, { key }]) => ({
          parameter,
          key,
          dimension,
          owner: `${dimension} ${parameter}`,
        }));
    case 'cell':
    case 'match':
      return [];
  }
}

/** The parameters that a patch sets, dotted. */
function leavesOf(map: SourceMap, prefix: string): [string, Place][] {
  return [...map.entries].flatMap(([name, { key, node }]): [string, Place][] =>
    node.kind === 'map' ? leavesOf(node, `${prefix}${name}.`) : [[`${prefix}${name}`, key]],
  );
}

function findConflicts(uses: readonly Use[]): FileProblem[] {
  const exact = new Map<string, Use>();
  /** By every name above the used one: `optimizer` for `optimizer.learningRate`. */
  const below = new Map<string, Use>();
  return uses.flatMap((use): FileProblem[] => {
    const { parameter: axis, key: place, dimension, owner } = use;
    const above = ancestorsOf(axis);
    const others = [exact.get(axis), below.get(axis), ...above.map((name) => exact.get(name))];
    const other = others.find((candidate) => candidate && candidate.owner !== owner);
    if (!exact.has(axis)) exact.set(axis, use);
    for (const name of above) if (!below.has(name)) below.set(name, use);
    if (!other) return [];
    const { parameter, dimension: otherDimension, key: first } = other;
    return [
      {
        kind: 'file',
        reason: 'axis-conflict',
        place,
        axis,
        dimension,
        other: parameter,
        otherDimension,
        first,
      },
    ];
  });
}

function ancestorsOf(name: string): string[] {
  const parts = name.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
}
