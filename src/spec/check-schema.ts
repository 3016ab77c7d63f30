import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FileProblem } from '../diagnostics/file-problem.js';
import { suggest } from '../diagnostics/suggest.js';
import { canonicalJson } from './canonical-json.js';
import { isUnion, describeExpected, describeRange, type Schema } from './describe-schema.js';
import { describePath, toPath } from './source-path.js';
import { findNode, keyPlaceOf, placeOf, toValue, type SourceNode, type SourcePath } from './source-tree.js';

let validate: ValidateFunction | undefined;

/** Compiles the schema once. It is read beside the program, where editors find it too. */
function compile(): ValidateFunction {
  const url = new URL('../../schema/experiment.schema.json', import.meta.url);
  const schema = JSON.parse(readFileSync(url, 'utf8')) as Schema;
  // A test holds the schema against its meta-schema; that, and optimised code for one call, would cost every
  // start of the program more than all else that it does before the first line of output.
  const fast = { meta: false, validateSchema: false, code: { optimize: false } } as const;
  return new Ajv2020({ allErrors: true, verbose: true, ...fast }).compile(schema);
}

/** Problems of a tree against schema/experiment.schema.json: one a cause, in no particular order. */
export function checkSchema(tree: SourceNode): FileProblem[] {
  validate ??= compile();
  if (validate(toValue(tree))) return [];
  const errors = collapseUnions(validate.errors ?? []);
  const problems = errors.flatMap((error) => toProblems(tree, error));
  if (problems.length === 0) throw new Error(`no text for ${JSON.stringify(validate.errors?.[0]?.keyword)}`);
  const meant = problems.flatMap((problem) =>
    problem.reason === 'unknown-field' ? [`${problem.owner}.${suggest(problem.field, problem.allowed)}`] : [],
  );
  return problems.filter(
    (problem) => problem.reason !== 'missing-field' || !meant.includes(`${problem.owner}.${problem.field}`),
  );
}

/**
 * Where a union fails, the library reports every branch. What counts is the branch whose type the value has;
 * where it has none of them, the union as a whole.
 */
function collapseUnions(errors: readonly ErrorObject[]): ErrorObject[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf');
  const types = errors.filter(({ keyword }) => keyword === 'type');
  const wrongTypes = new Set(types.map(({ instancePath, schemaPath }) => `${instancePath} ${schemaPath}`));
  const isOtherType = (union: ErrorObject, branch: string | number) =>
    wrongTypes.has(`${union.instancePath} ${union.schemaPath}/${branch}/type`);
  return errors.filter((error) => {
    if (error.keyword === 'anyOf') {
      return (error.schema as Schema[]).every((_, branch) => isOtherType(error, branch));
    }
    const union = unions.find(({ schemaPath }) => error.schemaPath.startsWith(`${schemaPath}/`));
    return !union || !isOtherType(union, error.schemaPath.slice(union.schemaPath.length + 1).split('/')[0]!);
  });
}

function toProblems(tree: SourceNode, error: ErrorObject): FileProblem[] {
  const { keyword, data: got } = error;
  const schema = error.parentSchema as Schema;
  const params = error.params as { missingProperty?: string; additionalProperty?: string };
  const path = toPath(error.instancePath);
  const field = describePath(path);
  const at = { kind: 'file', place: placeOf(tree, path) } as const;
  const wrongType = (): FileProblem => {
    const expected = path.length === 0 ? 'a mapping of fields' : describeExpected(schema);
    return {
      ...at,
      reason: 'wrong-type',
      field: field || 'the file',
      expected,
      got,
      hint: hintFor(schema, got),
    };
  };
  switch (keyword) {
    case 'required': {
      const name = params.missingProperty!;
      const example = (schema.properties?.[name] as Schema).examples?.[0];
      const place = path.length === 0 ? at.place : keyPlaceOf(tree, path);
      return [{ ...at, place, reason: 'missing-field', field: name, owner: field, example }];
    }
    case 'additionalProperties': {
      const name = params.additionalProperty!;
      const place = keyPlaceOf(tree, [...path, name]);
      const allowed = Object.keys(schema.properties ?? {});
      if (isAugmentation(path)) return [{ ...at, place, reason: 'unknown-augmentation', name, allowed }];
      return [{ ...at, place, reason: 'unknown-field', field: name, owner: field, allowed }];
    }
    case 'type':
    case 'anyOf':
      return [wrongType()];
    case 'enum': {
      // A union's other branches are allowed too: `test`, but also a mapping with a holdout.
      const whole = path.length > 0 ? unionAt(path) : null;
      if (whole && hintFor(whole, got) === 'unquote') {
        return [
          { ...at, reason: 'wrong-type', field, expected: describeExpected(whole), got, hint: 'unquote' },
        ];
      }
      const values = (schema.enum ?? []).map(String);
      const others = (whole?.anyOf ?? []).filter((branch) => !branch.enum).map(describeExpected);
      return [{ ...at, reason: 'not-allowed', field, got, allowed: [...values, ...others] }];
    }
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return [{ ...at, reason: 'out-of-range', field, range: describeRange(schema), got }];
    case 'pattern': {
      const name = error.propertyName ?? String(got);
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
      const expected = schema.maxItems === 0 ? 'no values' : `${atMost}${schema.maxItems} values`;
      return [{ ...at, reason: 'wrong-size', field, expected, size }];
    }
    case 'minProperties':
    case 'maxProperties': {
      const size = Object.keys(got as object).length;
      return [{ ...at, reason: 'wrong-size', field, expected: 'one augmentation', size }];
    }
    case 'uniqueItems':
      return findDuplicates(tree, path, field);
    default: // `propertyNames` repeats the `pattern` inside it
      return [];
  }
}

const isAugmentation = (path: SourcePath): boolean => path[0] === 'augmentations' && path.length === 3;

/** The union that a path's field is, from the compiled schema. */
function unionAt(path: SourcePath): Schema | null {
  let schema: Schema | undefined = validate?.schema as Schema;
  for (const step of path) schema = schema?.properties?.[step];
  return schema && isUnion(schema) ? schema : null;
}

/** The library names one pair only. */
function findDuplicates(tree: SourceNode, path: SourcePath, field: string): FileProblem[] {
  const list = findNode(tree, path);
  if (list?.kind !== 'list') return [];
  const seen = new Map<string, SourceNode>();
  return list.items.flatMap((item) => {
    const value = toValue(item);
    const key = typeof value === 'number' ? String(value) : canonicalJson(value); // YAML has .inf, JSON has not
    const first = seen.get(key);
    if (first)
      return [
        { kind: 'file', reason: 'duplicate-value', place: item.place, field, value, first: first.place },
      ];
    seen.set(key, item);
    return [];
  });
}

function hintFor(schema: Schema, got: unknown): 'unquote' | 'wrap' | 'braces' | null {
  const branches = schema.anyOf ?? [schema];
  const types = branches.map(({ type }) => type);
  const isNumeric = types.includes('number') || types.includes('integer');
  if (typeof got === 'string' && got.trim() !== '' && Number.isFinite(Number(got)) && isNumeric)
    return 'unquote';
  if (got === null) return types.length === 1 && types[0] === 'object' ? 'braces' : null;
  const item = branches.find(({ type, minItems }) => type === 'array' && minItems === 1)?.items?.type;
  return item?.replace('integer', 'number') === typeof got ? 'wrap' : null;
}
