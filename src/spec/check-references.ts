import type { Place } from '../diagnostics/code-frame.js';
import type { FileProblem } from '../diagnostics/file-problem.js';
import { checkDimensions } from './check-dimensions.js';
import { isRange } from './schema/compile-schema.js';
import { misreadingOf } from './misread-name.js';
import { listParameterMappings } from './parameter-mappings.js';
import { describePath } from './source/source-path.js';
import { findNode, keyPlaceOf, placeOf, type SourceNode, type SourcePath } from './source/source-tree.js';

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
  ];
}

/** The names that become values in a CSV column. Refused here, not by a pattern of the schema, to say why. */
function checkDefinedNames(tree: SourceNode): FileProblem[] {
  const owners = { augmentations: 'set', variants: 'variant' } as const;
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

/** The names that a value is, or that it lists. */
function namesIn(node: SourceNode | undefined): { name: string; place: Place }[] {
  if (node?.kind === 'list') return node.items.flatMap(namesIn);
  if (node?.kind === 'map') return namesIn(node.entries.get('values')?.node);
  return typeof node?.value === 'string' ? [{ name: node.value, place: node.place }] : [];
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

function checkSeeds(tree: SourceNode): FileProblem[] {
  if (findNode(tree, ['seeds'])?.kind !== 'map') return [];
  const given = ['count', 'until', 'min', 'max'].filter((name) => findNode(tree, ['seeds', name]));
  const last = numberAt(tree, ['seeds', given.includes('until') ? 'max' : 'count']);
  const most = 2 ** 32 - (numberAt(tree, ['seeds', 'base']) ?? 2017);
  const range = `at most ${most}: seeds end at 4294967295`;
  return [
    ...(last !== null && last > most
      ? [seedsOutOfRange(tree, given.includes('until') ? 'max' : 'count', range)]
      : []),
    ...checkForm(tree, given),
  ];
}

/** `count`, or `until` with `min` and `max`. */
function checkForm(tree: SourceNode, given: readonly string[]): FileProblem[] {
  const at = { kind: 'file', place: keyPlaceOf(tree, ['seeds']) } as const;
  const [first, ...others] = given;
  if (first === undefined)
    return [{ ...at, reason: 'missing-field', field: 'count', owner: 'seeds', example: 6 }];
  if (first === 'count') return others.map((name) => exclusive(tree, ['seeds', name], ['seeds', 'count']));
  if (first !== 'until')
    return [{ ...at, reason: 'missing-field', field: 'until', owner: 'seeds', example: 'decided' }];
  const [min, max] = [numberAt(tree, ['seeds', 'min']) ?? 6, numberAt(tree, ['seeds', 'max'])];
  const place = keyPlaceOf(tree, ['seeds', 'until']);
  return [
    ...(max !== null && max >= 6 && max < min
      ? [seedsOutOfRange(tree, 'max', `at least ${min}, the value of \`min\``)]
      : []),
    ...(max === null && min > 40 ? [seedsOutOfRange(tree, 'min', 'at most 40, the default of `max`')] : []),
    ...(textAt(tree, ['compare', 'stopping']) === 'fixed'
      ? [exclusive(tree, ['compare', 'stopping'], ['seeds', 'until'])]
      : []),
    ...(textAt(tree, ['order']) === 'cellByCell' ? [exclusive(tree, ['order'], ['seeds', 'until'])] : []),
    ...(findNode(tree, ['compare']) || textAt(tree, ['mode']) === 'oneAtATime'
      ? []
      : [{ kind: 'file', reason: 'nothing-to-decide', place } as const]),
  ];
}

function seedsOutOfRange(tree: SourceNode, name: string, range: string): FileProblem {
  const path = ['seeds', name];
  const place = placeOf(tree, path);
  return {
    kind: 'file',
    reason: 'out-of-range',
    place,
    field: describePath(path),
    range,
    got: numberAt(tree, path),
  };
}

/** Two fields, or a field and its value, that contradict each other. */
function exclusive(tree: SourceNode, path: SourcePath, other: SourcePath): FileProblem {
  const nameOf = (at: SourcePath) => {
    const text = textAt(tree, at);
    return text === null ? describePath(at) : `${describePath(at)}: ${text}`;
  };
  const place = keyPlaceOf(tree, path);
  return {
    kind: 'file',
    reason: 'exclusive-fields',
    place,
    field: nameOf(path),
    other: nameOf(other),
    first: keyPlaceOf(tree, other),
  };
}

function checkCompare(tree: SourceNode): FileProblem[] {
  const compare = findNode(tree, ['compare']);
  if (compare?.kind !== 'map') return [];
  const place = keyPlaceOf(tree, ['compare']);
  const needsBaseline = !compare.entries.has('baseline') && textAt(tree, ['mode']) !== 'oneAtATime';
  const margin = numberAt(tree, ['compare', 'margin']);
  const isFraction = (textAt(tree, ['metric', 'name']) ?? 'valAccuracy') === 'valAccuracy';
  return [
    ...(needsBaseline
      ? [
          {
            kind: 'file',
            reason: 'missing-field',
            place,
            field: 'baseline',
            owner: 'compare',
            example: { augmentation: 'none' },
          } as const,
        ]
      : []),
    ...(isFraction && margin !== null && margin >= largestMargin
      ? [
          {
            kind: 'file',
            reason: 'out-of-range',
            place: placeOf(tree, ['compare', 'margin']),
            field: 'compare.margin',
            range: `below ${largestMargin}: a fraction of the images, such as 0.002 for 0.2 points`,
            got: margin,
          } as const,
        ]
      : []),
  ];
}

/** Of accuracies. A larger one is meant in points, or in per cent. */
const largestMargin = 0.1;

function textAt(tree: SourceNode, path: SourcePath): string | null {
  const node = findNode(tree, path);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
}

function numberAt(tree: SourceNode, path: SourcePath): number | null {
  const node = findNode(tree, path);
  return node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : null;
}
