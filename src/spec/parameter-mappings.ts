import type { Place } from '../diagnostics/code-frame.js';
import {
  findNode,
  type SourceMap,
  type SourceNode,
  type SourcePath,
  type SourceScalar,
} from './source/source-tree.js';

/** A mapping of a file whose keys are parameters. */
export interface ParameterMapping {
  /**
   * `patch`: parameters, nested. `axes`: a grid. `columns`: a zip group. `cell`: one value each. `match`: a
   * condition. All but `patch` may write a name with dots.
   */
  readonly kind: 'patch' | 'axes' | 'columns' | 'cell' | 'match';
  readonly path: SourcePath;
  readonly node: SourceMap;
}

/** The scalars that a field of such a mapping gives: its value, those of a list, or those of an axis. */
export function scalarsIn(node: SourceNode | null | undefined): SourceScalar[] {
  if (node?.kind === 'list') return node.items.flatMap(scalarsIn);
  if (node?.kind === 'map') return scalarsIn(node.entries.get('values')?.node);
  return node ? [node] : [];
}

/** Those that are names. */
export function namesIn(node: SourceNode | null | undefined): { name: string; place: Place }[] {
  return scalarsIn(node).flatMap(({ value, place }) =>
    typeof value === 'string' ? [{ name: value, place }] : [],
  );
}

/** The fields of a grid that are no axes. */
export const gridFields: readonly string[] = ['zip', 'exclude'];

/** Every mapping of a file whose keys are parameters, in the order of the language: what has a wrong type is passed over. */
export function listParameterMappings(tree: SourceNode): ParameterMapping[] {
  const list = (kind: ParameterMapping['kind'], path: SourcePath): ParameterMapping[] => {
    const node = findNode(tree, path);
    return node?.kind === 'map' ? [{ kind, path, node }] : [];
  };
  const listRules = (path: SourcePath) => itemsAt(tree, path).flatMap((rule) => list('match', rule));
  return [
    ...list('patch', ['params']),
    ...fieldsAt(tree, ['variants']).flatMap((path) => list('patch', path)),
    ...gridPaths(tree).flatMap((path) => [
      ...list('axes', path),
      ...fieldsAt(tree, path)
        .filter((axis) => !gridFields.includes(String(axis.at(-1))))
        .flatMap((axis) => list('match', [...axis, 'when'])),
      ...fieldsAt(tree, [...path, 'zip']).flatMap((group) => list('columns', group)),
      ...listRules([...path, 'exclude']),
    ]),
    ...fieldsAt(tree, ['zip']).flatMap((path) => list('columns', path)),
    ...listRules(['exclude']),
    ...itemsAt(tree, ['include']).flatMap((path) => list('cell', path)),
    ...itemsAt(tree, ['overrides']).flatMap((path) => [
      ...list('match', [...path, 'when']),
      ...list('patch', [...path, 'set']),
    ]),
    ...list('cell', ['compare', 'baseline']),
  ];
}

/** Where the grids are: `matrix` itself, or the items of its list. */
export function gridPaths(tree: SourceNode): SourcePath[] {
  const matrix = findNode(tree, ['matrix']);
  if (matrix?.kind === 'list') return itemsAt(tree, ['matrix']);
  return matrix?.kind === 'map' ? [['matrix']] : [];
}

function fieldsAt(tree: SourceNode, path: SourcePath): SourcePath[] {
  const node = findNode(tree, path);
  return node?.kind === 'map' ? [...node.entries.keys()].map((name) => [...path, name]) : [];
}

function itemsAt(tree: SourceNode, path: SourcePath): SourcePath[] {
  const node = findNode(tree, path);
  return node?.kind === 'list' ? node.items.map((_, index) => [...path, index]) : [];
}
