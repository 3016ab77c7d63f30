import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Schema } from './describe-schema.js';
import type { SourceNode } from './source-tree.js';

interface Root extends Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly $defs: Readonly<Record<string, Schema>>;
}

let root: Root | undefined;

/** The schema, read beside the program, where editors find it too. */
function readSchema(): Root {
  const url = new URL('../../schema/experiment.schema.json', import.meta.url);
  return (root ??= JSON.parse(readFileSync(url, 'utf8')) as Root);
}

/** What a reference points to; the schema itself where it is none. */
export function followReference(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const steps = schema.$ref.slice(2).split('/');
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], readSchema()) as Schema;
}

/** Follows references; what stands beside one wins over what it points to. */
export function resolveSchema(schema: Schema): Schema {
  return schema.$ref === undefined ? schema : { ...resolveSchema(followReference(schema)), ...schema };
}

/** The dotted and plain names of every parameter, in the schema's order. */
export function parameterNames(): readonly string[] {
  return readSchema().$defs.parameterName!.enum!;
}

/** Whether an axis takes a range: its parameter is a number. */
export function takesRange(axis: string): boolean {
  const { properties } = readSchema().$defs.grid!;
  return Object.hasOwn(properties!, axis) && properties![axis]!.anyOf?.[1]?.properties?.start !== undefined;
}

const compiled = new Map<string, ValidateFunction>();

/** Named as the field that they describe. */
const fieldDefinitions = ['when', 'zip', 'exclude', 'logspace'];
/** Other fields refer to `params`; `name` is required. */
const alwaysChecked = ['params', 'name'];

/**
 * The check of a tree. Compiling the schema costs more than all else that the program does before its first
 * line of output, so fields that are nowhere in the tree are passed over.
 */
export function compileSchema(tree: SourceNode): ValidateFunction {
  const schema = readSchema();
  const keys = new Set(alwaysChecked);
  collectKeys(tree, keys);
  const unused = [...Object.keys(schema.properties), ...fieldDefinitions].filter((name) => !keys.has(name));
  const cacheKey = unused.join();
  const known = compiled.get(cacheKey);
  if (known) return known;
  const passOver = (fields: Readonly<Record<string, Schema>>) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, unused.includes(name) ? {} : field]),
    );
  const needed = { ...schema, properties: passOver(schema.properties), $defs: passOver(schema.$defs) };
  // A test holds the schema against its meta-schema; that, and optimised code for one call, would be waste here.
  const fast = { meta: false, validateSchema: false, code: { optimize: false } } as const;
  const validate = new Ajv2020({ allErrors: true, verbose: true, ...fast }).compile(needed);
  compiled.set(cacheKey, validate);
  return validate;
}

function collectKeys(node: SourceNode, keys: Set<string>): void {
  if (node.kind === 'list') for (const item of node.items) collectKeys(item, keys);
  if (node.kind !== 'map') return;
  for (const [name, entry] of node.entries) {
    keys.add(name);
    collectKeys(entry.node, keys);
  }
}
