import type { FileProblem } from '../diagnostics/file-problem.js';
import { checkCounts } from './check-counts.js';
import { checkDimensions } from './check-dimensions.js';
import { isRange } from './schema/compile-schema.js';
import { checkCompare, checkSeeds } from './check-decisions.js';
import { misreadingOf } from './misread-name.js';
import { listParameterMappings, namesIn } from './parameter-mappings.js';
import { describePath } from './source/source-path.js';
import { findNode, keyPlaceOf, numberAt, type SourceNode } from './source/source-tree.js';

/**
 * What the schema cannot say: fields that must fit each other. Runs beside its check, so that all problems show
 * at once; values of a wrong type are passed over here.
 */
export function checkReferences(tree: SourceNode): FileProblem[] {
  return [
    ...checkDefinedNames(tree),
    ...checkUsedNames(tree),
    ...checkOverrides(tree),
    ...checkRanges(tree),
    ...checkDimensions(tree),
    ...checkSeeds(tree),
    ...checkCompare(tree),
    ...checkCounts(tree),
  ];
}

/** The names that become values in a CSV column. Refused here, not by a pattern of the schema, to say why. */
function checkDefinedNames(tree: SourceNode): FileProblem[] {
  const owners = { augmentations: 'set', variants: 'variant', datasets: 'data' } as const;
  return Object.entries(owners).flatMap(([field, noun]) =>
    keysAt(tree, field).flatMap((name): FileProblem[] => {
      const misreading = misreadingOf(name);
      if (misreading === null) return [];
      const place = keyPlaceOf(tree, [field, name]);
      return [{ kind: 'file', reason: 'misread-name', place, name, misreading, better: `${noun}-${name}` }];
    }),
  );
}

function checkUsedNames(tree: SourceNode): FileProblem[] {
  const setNames = [...new Set(['none', ...keysAt(tree, 'augmentations')])];
  const variantNames = keysAt(tree, 'variants');
  return listParameterMappings(tree).flatMap(({ kind, node }): FileProblem[] => [
    ...namesIn(node.entries.get('augmentation')?.node)
      .filter(({ name }) => !setNames.includes(name))
      .map(
        (used) => ({ kind: 'file', reason: 'unknown-augmentation-set', ...used, allowed: setNames }) as const,
      ),
    ...namesIn(kind === 'cell' || kind === 'match' ? node.entries.get('variant')?.node : undefined)
      .filter(({ name }) => !variantNames.includes(name))
      .map((used) => ({ kind: 'file', reason: 'unknown-variant', ...used, allowed: variantNames }) as const),
  ]);
}

function keysAt(tree: SourceNode, field: string): string[] {
  const node = findNode(tree, [field]);
  return node?.kind === 'map' ? [...node.entries.keys()] : [];
}

/** The schema cannot say it: `set` is of the same kind as `params`, which may be empty. */
function checkOverrides(tree: SourceNode): FileProblem[] {
  return listParameterMappings(tree)
    .filter(({ kind, path, node }) => kind === 'patch' && path[0] === 'overrides' && node.entries.size === 0)
    .map(({ path, node: { place } }) => ({
      kind: 'file',
      reason: 'empty-mapping',
      place,
      field: describePath(path),
    }));
}

/** The ranges among the settings of augmentations have the lower number first. */
function checkRanges(tree: SourceNode): FileProblem[] {
  const sets = findNode(tree, ['augmentations']);
  return fieldsOf(sets).flatMap(([name, set]) =>
    (set.kind === 'list' ? set.items : []).flatMap((item, index) =>
      fieldsOf(item).flatMap(([augmentation, settings]) =>
        fieldsOf(settings).flatMap(([setting, { place }]): FileProblem[] => {
          if (!isRange(augmentation, setting)) return [];
          const path = ['augmentations', name, index, augmentation, setting];
          const [low, high] = [numberAt(tree, [...path, 0]), numberAt(tree, [...path, 1])];
          if (low === null || high === null || low <= high) return [];
          return [{ kind: 'file', reason: 'reversed-range', place, field: describePath(path), low, high }];
        }),
      ),
    ),
  );
}

/** The fields of a mapping; none of anything else. */
function fieldsOf(node: SourceNode | null): (readonly [name: string, value: SourceNode])[] {
  return node?.kind === 'map' ? [...node.entries].map(([name, entry]) => [name, entry.node] as const) : [];
}
