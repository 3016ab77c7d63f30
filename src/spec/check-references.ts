import type { FileProblem } from '../diagnostics/file-problem.js';
import { trainingImages } from './experiment-spec.js';
import { describePath } from './source-path.js';
import { findNode, keyPlaceOf, placeOf, type SourceNode, type SourcePath } from './source-tree.js';

/**
 * What the schema cannot say: fields that must fit each other. Runs beside its check, so that all problems show
 * at once; values of a wrong type are passed over here.
 */
export function checkReferences(tree: SourceNode): FileProblem[] {
  return [
    ...checkSetNames(tree),
    ...checkRanges(tree),
    ...checkAxes(tree),
    ...checkSeeds(tree),
    ...checkData(tree),
  ];
}

function checkSetNames(tree: SourceNode): FileProblem[] {
  const sets = findNode(tree, ['augmentations']);
  const names = new Set(['none', ...(sets?.kind === 'map' ? sets.entries.keys() : [])]);
  const axis = findNode(tree, ['matrix', 'augmentation']);
  const used = [findNode(tree, ['params', 'augmentation']), ...(axis?.kind === 'list' ? axis.items : [])];
  return used.flatMap((node): FileProblem[] => {
    if (node?.kind !== 'scalar' || typeof node.value !== 'string' || names.has(node.value)) return [];
    const { place, value: name } = node;
    return [{ kind: 'file', reason: 'unknown-augmentation-set', place, name, allowed: [...names] }];
  });
}

function checkRanges(tree: SourceNode): FileProblem[] {
  const sets = findNode(tree, ['augmentations']);
  if (sets?.kind !== 'map') return [];
  return [...sets.entries].flatMap(([name, { node }]) =>
    (node.kind === 'list' ? [...node.items.keys()] : []).flatMap((index) =>
      ['area', 'aspectRatio'].flatMap((range): FileProblem[] => {
        const path = ['augmentations', name, index, 'randomMask', range];
        const [low, high] = [numberAt(tree, [...path, 0]), numberAt(tree, [...path, 1])];
        if (low === null || high === null || low <= high) return [];
        return [
          {
            kind: 'file',
            reason: 'reversed-range',
            place: placeOf(tree, path),
            field: describePath(path),
            low,
            high,
          },
        ];
      }),
    ),
  );
}

function checkAxes(tree: SourceNode): FileProblem[] {
  const [axis, other] = ['optimizer.learningRate', 'optimizer'] as const;
  if (!findNode(tree, ['matrix', axis]) || !findNode(tree, ['matrix', other])) return [];
  return [{ kind: 'file', reason: 'axis-conflict', place: keyPlaceOf(tree, ['matrix', axis]), axis, other }];
}

function checkSeeds(tree: SourceNode): FileProblem[] {
  const path = ['seeds', 'count'];
  const [count, base] = [numberAt(tree, path), numberAt(tree, ['seeds', 'base']) ?? 2017];
  const most = 2 ** 32 - base;
  if (count === null || count <= most) return [];
  const range = `at most ${most}: seeds end at 4294967295`;
  return [
    {
      kind: 'file',
      reason: 'out-of-range',
      place: placeOf(tree, path),
      field: 'seeds.count',
      range,
      got: count,
    },
  ];
}

function checkData(tree: SourceNode): FileProblem[] {
  const path = ['data', 'trainSubset'];
  const [trainSubset, holdout] = [numberAt(tree, path), numberAt(tree, ['data', 'validation', 'holdout'])];
  if (trainSubset === null || holdout === null || trainSubset + holdout <= trainingImages) return [];
  const place = placeOf(tree, path);
  return [
    { kind: 'file', reason: 'holdout-too-large', place, trainSubset, holdout, available: trainingImages },
  ];
}

function numberAt(tree: SourceNode, path: SourcePath): number | null {
  const node = findNode(tree, path);
  return node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : null;
}
