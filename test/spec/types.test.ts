/** The types of an experiment file against the schema, by TypeScript's own compiler. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
}

const path = fileURLToPath(new URL('../../src/spec/experiment-spec.ts', import.meta.url));
const root = JSON.parse(
  readFileSync(new URL('../../schema/experiment.schema.json', import.meta.url), 'utf8'),
) as Schema;
/** Each adds its parameter to the types. */
const definitions = fileURLToPath(new URL('../../src/params/definitions/', import.meta.url));
const files = [path, ...readdirSync(definitions).map((name) => `${definitions}${name}`)];
const program = ts.createProgram(files, { strict: true, noEmit: true, target: ts.ScriptTarget.ES2023 });
const checker = program.getTypeChecker();

function typeNamed(name: string): ts.Type {
  const module = checker.getSymbolAtLocation(program.getSourceFile(path)!)!;
  const symbol = checker.getExportsOfModule(module).find((exported) => exported.name === name)!;
  return checker.getDeclaredTypeOfSymbol(symbol);
}

function resolve(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const steps = schema.$ref.slice(2).split('/');
  const target = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], root);
  return resolve(target as Schema);
}

/** `extends` is followed before there is a typed file; names of parameters are text. */
const notTyped = ['$.extends', '$.compare.vary'];

/** Where the two differ, with the path. */
function differences(written: Schema, type: ts.Type, at: string): string[] {
  const schema = resolve(written);
  const parts = (type.isUnion() ? type.types : [type]).filter(
    (part) => !(part.flags & ts.TypeFlags.Undefined),
  );
  const text = parts.map((part) => checker.typeToString(part)).join(' | ');
  if (parts.some((part) => part.getStringIndexType()) && !schema.additionalProperties) return []; // by parameter
  if (schema.enum) {
    const literals = parts.flatMap((part) =>
      part.isStringLiteral() || part.isNumberLiteral() ? [String(part.value)] : [],
    );
    const same = [...literals].sort().join() === [...schema.enum].sort().join();
    return same ? [] : [`${at}: ${text} is not ${schema.enum.join(' | ')}`];
  }
  if (schema.anyOf) {
    return parts.length >= 1 ? [] : [`${at}: ${text}`];
  }
  switch (schema.type) {
    case 'integer':
    case 'number':
      return text === 'number' ? [] : [`${at}: ${text} is not number`];
    case 'string':
      return text === 'string' ? [] : [`${at}: ${text} is not string`];
    case 'boolean':
      return parts.every((part) => part.flags & ts.TypeFlags.BooleanLike)
        ? []
        : [`${at}: ${text} is not boolean`];
    case 'array': {
      const element = parts[0]!.getNumberIndexType();
      if (!element) return [`${at}: ${text} is not a list`];
      return schema.items ? differences(schema.items, element, `${at}[]`) : [];
    }
    default: {
      const index = parts[0]!.getStringIndexType();
      if (schema.additionalProperties && index)
        return differences(schema.additionalProperties, index, `${at}.*`);
      return objectDifferences(schema, parts[0]!, at);
    }
  }
}

function objectDifferences(schema: Schema, type: ts.Type, at: string): string[] {
  const properties = schema.properties ?? {};
  const names = new Set([...Object.keys(properties), ...type.getProperties().map(({ name }) => name)]);
  return [...names].flatMap((name) => {
    const place = `${at}.${name}`;
    if (notTyped.includes(place)) return [];
    const property = type.getProperty(name);
    if (!property) return [`${place}: in the schema only`];
    if (!properties[name]) return [`${place}: in the types only`];
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const required = schema.required?.includes(name) ?? false;
    if (optional === required)
      return [`${place}: ${required ? 'required by the schema' : 'optional in the schema'}`];
    return differences(properties[name], checker.getTypeOfSymbol(property), place);
  });
}

test('the types have the fields, the values and the optionality of the schema', () => {
  expect(differences(root, typeNamed('ExperimentFile'), '$')).toEqual([]);
});

test('a difference is seen', () => {
  const { properties = {} } = root;
  const without = Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'order'));
  expect(differences({ ...root, properties: without }, typeNamed('ExperimentFile'), '$')).toEqual([
    '$.order: in the types only',
  ]);
  const params = { ...resolve(properties['params']!) };
  const changed = { ...params, properties: { ...params.properties, alpha: { type: 'string' } } };
  const wrong = { ...root, properties: { ...properties, params: changed } };
  expect(differences(wrong, typeNamed('ExperimentFile'), '$')).toEqual([
    '$.params.alpha: number is not string',
  ]);
});
