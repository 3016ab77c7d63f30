import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Schema } from './describe-schema.js';
import { equalityKey } from '../source/equality-key.js';
import type { SourceNode, SourcePath } from '../source/source-tree.js';

/** The path is the same seen from src/ and from dist/. */
export const schemaPath = fileURLToPath(new URL('../../../schema/experiment.schema.json', import.meta.url));

/** The machine profiles', which share the definitions of the experiments'. */
const machinesPath = fileURLToPath(new URL('../../../schema/machines.schema.json', import.meta.url));

export type FileKind = 'experiment' | 'machines';

interface Root extends Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly $defs: Readonly<Record<string, Schema>>;
}

let root: Root | undefined;

/** The schema, read beside the program, where editors find it too. */
function readSchema(): Root {
  const url = schemaPath;
  return (root ??= JSON.parse(readFileSync(url, 'utf8')) as Root);
}

/** Follows references; what stands beside one wins over what it points to. */
export function resolveSchema(schema: Schema): Schema {
  return schema.$ref === undefined
    ? schema
    : { ...resolveSchema(targetIn(readSchema(), schema.$ref)), ...schema };
}

/** The dotted and plain names of every parameter, in the schema's order. */
export function parameterNames(): readonly string[] {
  return readSchema().$defs.parameterName!.enum!;
}

/** The names of the fields of an experiment. */
export function experimentFields(): readonly string[] {
  return Object.keys(readSchema().properties);
}

/** What a field has where the file says nothing, by its path; undefined without a default. */
export function defaultOf(path: SourcePath): unknown {
  const field = path.reduce<Schema | undefined>(
    (schema, name) => schema && resolveSchema(schema).properties?.[name],
    readSchema(),
  );
  return field && resolveSchema(field).default;
}

/** Whether an axis takes a range: its parameter is a number. */
export function takesRange(axis: string): boolean {
  const { properties } = readSchema().$defs.grid!;
  return Object.hasOwn(properties!, axis) && properties![axis]!.anyOf?.[1]?.properties?.start !== undefined;
}

/** Whether a setting of an augmentation is a range: two numbers, the lower one first. */
export function isRange(augmentation: string, setting: string): boolean {
  const { properties } = readSchema().$defs.augmentationSet!.items!;
  if (!Object.hasOwn(properties!, augmentation)) return false;
  const settings = properties![augmentation]!.properties!;
  return Object.hasOwn(settings, setting) && settings[setting]!.maxItems === 2;
}

function targetIn(root: Root, reference: string): Schema {
  const steps = reference.slice(2).split('/');
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], root) as Schema;
}

export interface CompiledSchema {
  readonly validate: ValidateFunction;
  /** What a schema of its errors refers to; the schema itself where it is no reference. */
  readonly follow: (schema: Schema) => Schema;
}

const compiled = new Map<string, CompiledSchema>();

/**
 * The check of a tree. Compiling the schema costs more than all else that the program does before its first
 * line of output, so fields with names that are nowhere in the tree are passed over.
 */
export function compileSchema(tree: SourceNode, kind: FileKind): CompiledSchema {
  const keys = new Set(['params']); // variants and overrides refer to it
  collectKeys(tree, keys);
  const cacheKey = [kind, ...[...keys].sort()].join('\n');
  const known = compiled.get(cacheKey);
  if (known) return known;
  const schema =
    kind === 'experiment' ? readSchema() : (JSON.parse(readFileSync(machinesPath, 'utf8')) as Schema);
  const needed = passOver(schema, keys) as Root;
  // A test holds the schema against its meta-schema; that, and optimised code for one call, would be waste here.
  const fast = { meta: false, validateSchema: false, code: { optimize: false } } as const;
  const ajv = new Ajv2020({ allErrors: true, verbose: true, ...fast });
  // The library's own asks each value for its `toString` and `valueOf`, which may be fields of the file.
  ajv.removeKeyword('uniqueItems').addKeyword({ keyword: 'uniqueItems', type: 'array', validate: areUnique });
  const validate = ajv.compile(needed);
  const follow = (schema: Schema) => (schema.$ref === undefined ? schema : targetIn(needed, schema.$ref));
  compiled.set(cacheKey, { validate, follow });
  return { validate, follow };
}

const areUnique = (wanted: boolean, list: readonly unknown[]): boolean =>
  !wanted || new Set(list.map(equalityKey)).size === list.length;

/** A schema whose fields of other names allow anything. */
function passOver(value: unknown, keys: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => passOver(item, keys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([keyword, child]: [string, unknown]) => [
      keyword,
      keyword === 'properties'
        ? passOverFields(child as Record<string, Schema>, keys)
        : passOver(child, keys),
    ]),
  );
}

/** A missing field is reported with its example. */
function passOverFields(fields: Readonly<Record<string, Schema>>, keys: ReadonlySet<string>): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      keys.has(name) ? passOver(field, keys) : { examples: resolveSchema(field).examples },
    ]),
  );
}

/** A dotted key refers to the fields that it is made of. */
function collectKeys(node: SourceNode, keys: Set<string>): void {
  if (node.kind === 'list') for (const item of node.items) collectKeys(item, keys);
  if (node.kind !== 'map') return;
  for (const [name, entry] of node.entries) {
    for (const part of [name, ...name.split('.')]) keys.add(part);
    collectKeys(entry.node, keys);
  }
}
