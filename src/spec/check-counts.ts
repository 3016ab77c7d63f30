import type { FileProblem } from '../diagnostics/file-problem.js';
import { listParameterMappings, scalarsIn } from './parameter-mappings.js';
import { findNode, type SourceNode } from './source/source-tree.js';

/** Numbers of images are whole, or else shares below 1: `trainSubset` and `holdout`. */
export function checkCounts(tree: SourceNode): FileProblem[] {
  const check = (node: SourceNode | null | undefined, field: string, fewest: number): FileProblem[] =>
    scalarsIn(node).flatMap(({ value, place }): FileProblem[] => {
      if (typeof value !== 'number') return []; // the schema's
      if (value <= 0 || value < 1 || (value >= fewest && Number.isInteger(value))) return []; // below 0: the schema's
      const range = `a whole number from ${fewest}, or a share below 1`;
      return [{ kind: 'file', reason: 'out-of-range', place, field, range, got: value }];
    });
  return [
    ...check(findNode(tree, ['data', 'trainSubset']), 'data.trainSubset', fewestTrained),
    ...check(findNode(tree, ['data', 'validation', 'holdout']), 'data.validation.holdout', 1),
    ...listParameterMappings(tree).flatMap(({ node }) =>
      check(node.entries.get('trainSubset')?.node, 'trainSubset', fewestTrained),
    ),
  ];
}

/** Images that can be trained on: a batch has two. */
const fewestTrained = 2;
