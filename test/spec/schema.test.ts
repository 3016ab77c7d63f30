import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { defaultAugmentations, defaultParams, defaultSeed } from '../../src/plan/resolve-params.js';

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

const url = new URL('../../schema/experiment.schema.json', import.meta.url);
const root = JSON.parse(readFileSync(url, 'utf8')) as Schema & { $defs: Record<string, Schema> };
const ajv = new Ajv2020({ strict: true, allErrors: true });
ajv.addSchema(root, 'experiment');

const resolve = (schema: Schema): Schema =>
  schema.$ref ? { ...root.$defs[schema.$ref.replace('#/$defs/', '')]!, ...schema } : schema;

/** Every field of the file, by its path; a pattern's fields as `*`. */
function* fieldsOf(schema: Schema, path: string): Generator<[path: string, field: Schema]> {
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    yield [`${path}/${name}`, resolve(child)];
    yield* fieldsOf(resolve(child), `${path}/${name}`);
  }
  const others = schema.additionalProperties ? [schema.additionalProperties] : [];
  for (const child of others) yield [`${path}/*`, resolve(child)];
  for (const child of [...others, ...(schema.items ? [schema.items] : []), ...(schema.anyOf ?? [])]) {
    yield* fieldsOf(resolve(child), path);
  }
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
  const validate = ajv.compile({ ...field, $defs: root.$defs });
  const values = field.default === undefined ? field.examples! : [...field.examples!, field.default];
  for (const value of values) expect([value, validate(value), validate.errors]).toEqual([value, true, null]);
});

test('no mapping takes fields that it does not name', () => {
  const mappings = fields.filter(([path, { type }]) => type === 'object' && path !== '/augmentations');
  for (const [path, mapping] of mappings) expect([path, mapping.additionalProperties]).toEqual([path, false]);
  expect(mappings.length).toBeGreaterThan(5);
  expect(root.additionalProperties).toBe(false);
});

test('documents the defaults that the planner uses', () => {
  const byPath = new Map(fields);
  for (const [name, value] of Object.entries(defaultParams)) {
    expect(byPath.get(`/params/${name}`)?.default).toEqual(value);
  }
  for (const [name, settings] of Object.entries(defaultAugmentations)) {
    for (const [setting, value] of Object.entries(settings)) {
      expect(byPath.get(`/augmentations/${name}/${setting}`)?.default).toEqual(value);
    }
  }
  expect(byPath.get('/seeds')?.default).toEqual([defaultSeed]);
  expect(byPath.get('/seeds/base')?.default).toBe(defaultSeed);
});
