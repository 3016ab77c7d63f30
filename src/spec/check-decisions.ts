/** What the schema cannot say of how many seeds there are, and of when a comparison is decided. */
import type { FileProblem } from '../diagnostics/file-problem.js';
import { describePath } from './source/source-path.js';
import {
  findNode,
  keyPlaceOf,
  numberAt,
  placeOf,
  textAt,
  type SourceNode,
  type SourcePath,
} from './source/source-tree.js';

/** `seeds`: its form, and what contradicts `until: decided`. */
export function checkSeeds(tree: SourceNode): FileProblem[] {
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

/** `compare`: whether it has what it needs, and a margin that can be meant. */
export function checkCompare(tree: SourceNode): FileProblem[] {
  const compare = findNode(tree, ['compare']);
  if (compare?.kind !== 'map') return [];
  const place = keyPlaceOf(tree, ['compare']);
  const needsBaseline = !compare.entries.has('baseline') && textAt(tree, ['mode']) !== 'oneAtATime';
  const margin = numberAt(tree, ['compare', 'margin']);
  const isFraction = textAt(tree, ['metric', 'name']) !== 'valLoss';
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
