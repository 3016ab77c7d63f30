import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { deriveSchema, type Json } from '../../../scripts/update-schema.js';
import { augmentations } from '../../../src/augmentations/augmentations.js';
import fashionMnist from '../../../src/data/sets/fashion-mnist.js';
import { defaultSeed, resolveContext, resolveParams } from '../../../src/params/resolve-params.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const url = new URL('../../../schema/experiment.schema.json', import.meta.url);
const root = JSON.parse(readFileSync(url, 'utf8')) as Schema & { $defs: Record<string, Schema> };
const ajv = new Ajv2020({ strict: true, allErrors: true });
ajv.addSchema(root, 'experiment');

const target = (ref: string): Schema =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], root) as Schema;

const resolve = (schema: Schema): Schema =>
  schema.$ref ? { ...resolve(target(schema.$ref)), ...schema } : schema;

const visited = new Set<string>();

/** Every field of the file, by its path; a pattern's fields as `*`. What several fields refer to, once. */
function* fieldsOf(schema: Schema, path: string): Generator<[path: string, field: Schema]> {
  if (schema.$ref && visited.has(schema.$ref)) return;
  if (schema.$ref) visited.add(schema.$ref);
  const { properties, additionalProperties, items, anyOf } = resolve(schema);
  for (const [name, child] of Object.entries(properties ?? {})) {
    yield [`${path}/${name}`, resolve(child)];
    yield* fieldsOf(child, `${path}/${name}`);
  }
  const others = additionalProperties ? [additionalProperties] : [];
  for (const child of others) yield [`${path}/*`, resolve(child)];
  for (const child of [...others, ...(items ? [items] : []), ...(anyOf ?? [])]) yield* fieldsOf(child, path);
}

const fields = [...fieldsOf(root, '')];

test('is a valid schema of draft 2020-12', () => {
  expect(ajv.validateSchema(root)).toBe(true);
});

test.each(fields)('%s explains itself', (_, field) => {
  expect(field.description).toMatch(/^[A-Z].{10,}\.$/);
  expect(field.examples?.length).toBeGreaterThan(0);
});

test.each(fields)('%s has examples and a default that it allows', (_, field) => {
  const text = JSON.stringify(field).replaceAll('"#/', '"experiment#/');
  const validate = ajv.compile(JSON.parse(text) as object);
  const values = field.default === undefined ? field.examples! : [...field.examples!, field.default];
  for (const value of values) expect([value, validate(value), validate.errors]).toEqual([value, true, null]);
});

test('no mapping takes fields that it does not name, but for those of names of the user', () => {
  const named = ['/augmentations', '/datasets', '/variants', '/matrix/zip', '/zip'];
  const mappings = fields.filter(([path, { type }]) => type === 'object' && !named.includes(path));
  for (const [path, mapping] of mappings) expect([path, mapping.additionalProperties]).toEqual([path, false]);
  expect(mappings.length).toBeGreaterThan(5);
  expect(root.additionalProperties).toBe(false);
});

test('what follows from the parameters is up to date: else run scripts/update-schema.ts', () => {
  expect(deriveSchema(root as unknown as Json)).toEqual(root);
});

test('documents the defaults that the planner uses', () => {
  const byPath = new Map(fields);
  const none: readonly [] = [];
  const params = resolveParams({}, resolveContext({}, fashionMnist));
  const { trainSubset, augmentation, ...others } = params; // their defaults are no values of the schema
  expect([trainSubset, augmentation]).toEqual([60000, none]);
  for (const [name, value] of Object.entries(others))
    expect(byPath.get(`/params/${name}`)?.default).toEqual(value);
  for (const { name, schema } of augmentations)
    for (const [setting, { default: value }] of Object.entries(schema.properties))
      expect(byPath.get(`/augmentations/${name}/${setting}`)?.default).toEqual(value);
  expect(byPath.get('/seeds')?.default).toEqual([defaultSeed]);
  expect(byPath.get('/seeds/base')?.default).toBe(defaultSeed);
});
