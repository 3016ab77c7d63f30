import type { Place } from '../diagnostics/code-frame.js';
import type { FileProblem } from '../diagnostics/file-problem.js';
import { parameterNames } from './schema/compile-schema.js';
import { parseSource } from './source/parse-source.js';
import { findNode, mergeTrees, type SourceMap, type SourceNode } from './source/source-tree.js';

/** Names in the path of a field: what is done for each grows with its depth. */
const deepestField = 64;

/**
 * Lays `--set` arguments (`params.epochs=2`, the value in YAML) over a file's tree, later ones over earlier ones.
 * Unknown fields and wrong values are left to the check of the whole; their places are in the arguments.
 */
export function applyOverrides(
  root: SourceMap,
  overrides: readonly string[],
): { tree: SourceMap; problems: readonly FileProblem[] } {
  const problems: FileProblem[] = [];
  let tree = root;
  for (const text of overrides) {
    const placeAt = (start: number, end: number): Place => ({ path: '--set', text, start, end });
    const refuse = (start: number, end: number, detail: string) =>
      problems.push({ kind: 'file', reason: 'bad-override', place: placeAt(start, end), detail });
    const equals = text.indexOf('=');
    if (equals === -1) {
      refuse(0, text.length, 'there is no `=`');
      continue;
    }
    const keys = splitPath(text.slice(0, equals));
    const empty = keys.find(({ name }) => name === '');
    if (empty) {
      refuse(empty.start, empty.start, 'the name of a field is missing');
      continue;
    }
    if (keys.length > deepestField) {
      refuse(keys[deepestField]!.start, equals, 'no field is nested this deeply');
      continue;
    }
    if (keys[0]!.name === 'extends') {
      refuse(0, keys[0]!.name.length, 'only a file can extend another');
      continue;
    }
    const list = keys.slice(0, -1).findIndex((_, last) => {
      const names = keys.slice(0, last + 1).map(({ name }) => name);
      return findNode(tree, names)?.kind === 'list';
    });
    if (list !== -1) {
      refuse(keys[list + 1]!.start, equals, 'a list can only be set as a whole');
      continue;
    }
    const parsed = parseSource({ path: '--set', text, offset: equals + 1 });
    problems.push(...parsed.problems);
    if (!parsed.tree) continue;
    const patch = keys.reduceRight<SourceNode>((node, { name, start }) => {
      const key = placeAt(start, start + name.length);
      return { kind: 'map', place: key, entries: new Map([[name, { key, node }]]) };
    }, parsed.tree);
    tree = { ...(mergeTrees(tree, patch) as SourceMap), place: root.place };
  }
  return { tree, problems };
}

/** Names at their offsets. In an axis or a zip group a dot may belong to the parameter: `optimizer.learningRate`. */
function splitPath(path: string): { name: string; start: number }[] {
  let start = 0;
  return joinParameters(path.split('.')).map((name) => {
    const part = { name, start };
    start += name.length + 1;
    return part;
  });
}

function joinParameters(names: readonly string[]): readonly string[] {
  const depth = names[0] === 'matrix' ? 1 : names[0] === 'zip' ? 2 : names.length;
  const dotted = parameterNames().filter((name) => name.includes('.'));
  const parameter = dotted.find((name) => `${names.slice(depth).join('.')}.`.startsWith(`${name}.`));
  if (parameter === undefined) return names;
  return [...names.slice(0, depth), parameter, ...names.slice(depth + parameter.split('.').length)];
}
