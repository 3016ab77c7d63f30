import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Place } from '../../diagnostics/code-frame.js';
import type { FileProblem } from '../../diagnostics/file-problem.js';
import { suggest } from '../../diagnostics/suggest.js';
import { collapseUnions } from './collapse-unions.js';
import { compileSchema, defaultOf, resolveSchema, type FileKind } from './compile-schema.js';
import { describeExpected, describeRange, type Schema } from './describe-schema.js';
import { meansNoLimit, suggestDuration } from './suggest-duration.js';
import { hintFor } from './hint-for.js';
import { whereItBelongs } from './where-it-belongs.js';
import { equalityKey } from '../source/equality-key.js';
import { describePath, toPath } from '../source/source-path.js';
import {
  findNode,
  keyPlaceOf,
  placeOf,
  toValue,
  type SourceNode,
  type SourcePath,
} from '../source/source-tree.js';
import { count } from '../../diagnostics/count.js';

/** Problems of a tree against the schema of its kind, in schema/: one a cause, in no particular order. */
export function checkSchema(tree: SourceNode, kind: FileKind = 'experiment'): FileProblem[] {
  const { validate, follow } = compileSchema(tree, kind);
  if (validate(toValue(tree))) return [];
  const { errors, unions } = collapseUnions(validate.errors ?? [], follow);
  const problems = errors.flatMap((error) => toProblems(tree, error, unions));
  if (problems.length === 0) throw new Error(`no text for ${JSON.stringify(validate.errors?.[0]?.keyword)}`);
  const meant = problems.flatMap((problem) =>
    problem.reason === 'unknown-field' ? [`${problem.owner}.${suggest(problem.field, problem.allowed)}`] : [],
  );
  return problems.filter(
    (problem) => problem.reason !== 'missing-field' || !meant.includes(`${problem.owner}.${problem.field}`),
  );
}

function toProblems(
  tree: SourceNode,
  error: ErrorObject,
  unions: ReadonlyMap<string, Schema>,
): FileProblem[] {
  const { keyword, data: got } = error;
  const schema = error.parentSchema as Schema;
  const params = error.params as { missingProperty?: string; additionalProperty?: string };
  const path = toPath(error.instancePath);
  const field = describePath(path);
  const at = { kind: 'file', place: placeOf(tree, path) } as const;
  const wrongType = (): FileProblem => {
    const expected = path.length === 0 ? 'a mapping of fields' : describeExpected(schema, resolveSchema);
    return {
      ...at,
      reason: 'wrong-type',
      field: field || 'the file',
      expected,
      got,
      hint: hintFor(schema, got, sourceOf(at.place)),
    };
  };
  switch (keyword) {
    case 'required': {
      const name = params.missingProperty!;
      const example = resolveSchema(schema.properties![name]!).examples?.[0];
      const place = path.length === 0 ? at.place : keyPlaceOf(tree, path);
      return [{ ...at, place, reason: 'missing-field', field: name, owner: field, example }];
    }
    case 'additionalProperties': {
      const name = params.additionalProperty!;
      const place = keyPlaceOf(tree, [...path, name]);
      const allowed = Object.keys(schema.properties ?? {});
      if (isAugmentation(path)) return [{ ...at, place, reason: 'unknown-augmentation', name, allowed }];
      const meant = whereItBelongs(path, name, allowed);
      return [{ ...at, place, reason: 'unknown-field', field: name, owner: field, allowed, meant }];
    }
    case 'type':
    case 'anyOf':
      return [isDuration(schema) ? wrongDuration(at.place, path, got) : wrongType()];
    case 'enum': {
      // A union's other branches are allowed too: `test`, but also a mapping with a holdout.
      const whole = unions.get(error.instancePath) ?? null;
      const hint = whole && hintFor(whole, got, sourceOf(at.place));
      if (whole && hint?.rule === 'unquoted') {
        return [
          {
            ...at,
            reason: 'wrong-type',
            field,
            expected: describeExpected(whole, resolveSchema),
            got,
            hint,
          },
        ];
      }
      const values = (schema.enum ?? []).map(String);
      const others = (whole?.anyOf ?? [])
        .filter((branch) => !resolveSchema(branch).enum)
        .map((branch) => describeExpected(branch, resolveSchema));
      return [{ ...at, reason: 'not-allowed', field, got, allowed: [...values, ...others] }];
    }
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return [{ ...at, reason: 'out-of-range', field, range: describeRange(schema), got }];
    case 'pattern': {
      const name = error.propertyName ?? String(got);
      if (isDuration(schema)) return [wrongDuration(at.place, path, got)];
      const place = error.propertyName === undefined ? at.place : keyPlaceOf(tree, [...path, name]);
      const letters = error.propertyName === undefined ? 'lowercase letters, digits, `.`' : 'letters, digits';
      const rule = `up to 64 ${letters}, \`_\` and \`-\`, a letter or digit first`;
      return [{ ...at, place, reason: 'invalid-name', name, rule }];
    }
    case 'minItems':
    case 'maxItems': {
      const size = (got as unknown[]).length;
      if (schema.maxItems === undefined || (size === 0 && schema.minItems === 1)) {
        return [{ ...at, reason: 'empty-list', field }];
      }
      const atMost = schema.minItems === schema.maxItems ? '' : 'at most ';
      const expected = schema.maxItems === 0 ? 'no values' : `${atMost}${count(schema.maxItems, 'value')}`;
      return [{ ...at, reason: 'wrong-size', field, expected, size }];
    }
    case 'minProperties':
    case 'maxProperties': {
      const size = Object.keys(got as object).length;
      if (isAugmentation(path))
        return [{ ...at, reason: 'wrong-size', field, expected: 'one augmentation', size }];
      return [{ ...at, reason: 'empty-mapping', field }];
    }
    case 'uniqueItems':
      return findDuplicates(tree, path, field);
    default: // `propertyNames` repeats the `pattern` inside it
      return [];
  }
}

const isDuration = ({ $ref, pattern }: Schema): boolean => {
  const reference = '#/$defs/duration';
  return (
    $ref === reference || (pattern !== undefined && pattern === resolveSchema({ $ref: reference }).pattern)
  );
};

function wrongDuration(place: Place, path: SourcePath, got: unknown): FileProblem {
  const duration = suggestDuration(got);
  const meant = meansNoLimit(got) ? 'no-limit' : duration === null ? null : { duration };
  const unset = defaultOf(path);
  const field = describePath(path);
  return {
    kind: 'file',
    reason: 'invalid-duration',
    place,
    field,
    got,
    meant,
    default: typeof unset === 'string' ? unset : null,
  };
}

/** The text of a place. */
const sourceOf = ({ text, start, end }: Place): string => text.slice(start, end);

const isAugmentation = (path: SourcePath): boolean => path[0] === 'augmentations' && path.length === 3;

/** The library names one pair only. */
function findDuplicates(tree: SourceNode, path: SourcePath, field: string): FileProblem[] {
  const list = findNode(tree, path);
  if (list?.kind !== 'list') return [];
  const seen = new Map<string, SourceNode>();
  return list.items.flatMap((item) => {
    const value = toValue(item);
    const key = equalityKey(value);
    const first = seen.get(key);
    if (first)
      return [
        { kind: 'file', reason: 'duplicate-value', place: item.place, field, value, first: first.place },
      ];
    seen.set(key, item);
    return [];
  });
}
