/**
 * Writes the parts of schema/experiment.schema.json that follow from the definitions of parameters and augmentations
 * (src/params/definitions, src/augmentations/definitions): themselves, and the axes, zip groups, conditions and single
 * cells of the parameters. Run after one is added or changed:
 *
 *     npx tsx scripts/update-schema.ts && npx prettier --write schema
 *
 * A test fails while the file is not up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { augmentations } from '../src/augmentations/augmentations.js';
import { parameters as allParameters } from '../src/params/parameters.js';

export type Json = { readonly [key: string]: unknown };

interface Parameter {
  /** Dotted below another: `optimizer.learningRate`. */
  readonly name: string;
  readonly pointer: string;
  readonly schema: Json;
}

/** The schema with its derived definitions made again. */
export function deriveSchema(written: Json): Json {
  const root = define(written);
  const parameters = listParameters(root);
  const fieldsOf = (make: (parameter: Parameter) => Json): Json =>
    Object.fromEntries(parameters.map((parameter) => [parameter.name, make(parameter)]));
  const withFields = (name: string, kept: readonly string[], fields: Json): Json => {
    const definition = (root.$defs as Json)[name] as Json;
    const own = Object.entries(definition.properties as Json).filter(([key]) => kept.includes(key));
    return { ...definition, properties: { ...Object.fromEntries(own), ...fields } };
  };
  const axes = parameters.map((parameter) => [`${parameter.name}.axis`, toList(parameter, true)] as const);
  const isAxis = (name: string) => name.endsWith('.axis');
  const others = Object.entries(root.$defs as Json).filter(([name]) => !isAxis(name));
  return {
    ...root,
    $defs: {
      ...Object.fromEntries(others),
      grid: withFields('grid', ['zip', 'exclude'], fieldsOf(toAxis)),
      zipGroup: withFields('zipGroup', [], fieldsOf(toColumn)),
      match: withFields('match', ['variant'], fieldsOf(toMatch)),
      cell: withFields('cell', ['variant'], fieldsOf(toCellValue)),
      parameterName: {
        ...((root.$defs as Json).parameterName as Json),
        enum: parameters.map(({ name }) => name),
      },
      ...Object.fromEntries(axes),
    },
  };
}

/** The schema with the parameters and the augmentations as they are defined. */
function define(root: Json): Json {
  const { params, ...properties } = root.properties as Record<string, Json>;
  const definitions = root.$defs as Record<string, Json>;
  const known = Object.keys((params as { properties: Json }).properties);
  const others = Object.entries(definitions).filter(([name]) => !known.includes(name));
  const { augmentationSet } = definitions as Record<string, { items: Json }>;
  const references = allParameters.map(({ name }) => [name, { $ref: `#/$defs/${name}` }]);
  const sets = augmentations.map(({ name, schema: { description, examples, properties } }) => [
    name,
    { description, type: 'object', additionalProperties: false, examples, properties },
  ]);
  return {
    ...root,
    // in the place that it has
    properties: Object.fromEntries(
      Object.keys(root.properties as Json).map((name) => [
        name,
        name === 'params'
          ? { ...params, properties: Object.fromEntries(references) as Json }
          : properties[name],
      ]),
    ),
    $defs: {
      ...Object.fromEntries(allParameters.map(({ name, schema }) => [name, schema])),
      ...Object.fromEntries(others),
      augmentationSet: {
        ...augmentationSet,
        items: { ...augmentationSet!.items, properties: Object.fromEntries(sets) as Json },
      },
    },
  };
}

/** The parameters, each before the fields of its own. */
function listParameters(root: Json): Parameter[] {
  const resolve = (schema: Json, pointer: string): { schema: Json; pointer: string } => {
    if (typeof schema.$ref !== 'string') return { schema, pointer };
    const steps = schema.$ref.slice(2).split('/');
    const target = steps.reduce<Json>((at, step) => at[step] as Json, root);
    return resolve(target, schema.$ref);
  };
  const list = (owner: Json, ownerPointer: string, prefix: string): Parameter[] =>
    Object.entries((owner.properties ?? {}) as Record<string, Json>).flatMap(([key, written]) => {
      const { schema, pointer } = resolve(written, `${ownerPointer}/properties/${key}`);
      const parameter = { name: `${prefix}${key}`, pointer, schema };
      const branches = (schema.anyOf ?? []) as Json[];
      const fields = [
        ...list(schema, pointer, `${parameter.name}.`),
        ...branches.flatMap((branch, index) => {
          const found = resolve(branch, `${pointer}/anyOf/${index}`);
          return list(found.schema, found.pointer, `${parameter.name}.`);
        }),
      ];
      // Branches of a union may share a field; the first describes it.
      const first = fields.filter(
        ({ name }, index) => fields.findIndex((other) => other.name === name) === index,
      );
      return [parameter, ...first];
    });
  return list((root.properties as Json).params as Json, '#/properties/params', '');
}

/** A scalar's type stands beside its reference: it lets Ajv find duplicates without comparing all pairs. */
function itemOf({ pointer, schema }: Parameter): Json {
  const isScalar = ['string', 'number', 'integer', 'boolean'].includes(String(schema.type));
  return isScalar ? { type: schema.type, $ref: pointer } : { $ref: pointer };
}

const isNumeric = ({ schema }: Parameter): boolean => schema.type === 'number' || schema.type === 'integer';

function toList(parameter: Parameter, unique: boolean): Json {
  const item = itemOf(parameter);
  return {
    type: 'array',
    minItems: 1,
    ...(unique && item.type === undefined ? { maxItems: 1000 } : {}),
    ...(unique ? { uniqueItems: true } : {}),
    items: item,
  };
}

/** Up to three values of a parameter, for an example. */
const someOf = ({ schema }: Parameter): readonly unknown[] =>
  ((schema.examples ?? []) as unknown[]).slice(0, 3);

function toAxis(parameter: Parameter): Json {
  const list = { $ref: `#/$defs/${parameter.name}.axis` };
  const values = {
    description: `The values of \`${parameter.name}\` to compare.`,
    examples: [someOf(parameter)],
    ...list,
  };
  const when = { $ref: '#/$defs/when' };
  const range = isNumeric(parameter)
    ? {
        start: { $ref: '#/$defs/rangeStart' },
        stop: { $ref: '#/$defs/rangeStop' },
        step: { $ref: '#/$defs/rangeStep' },
        logspace: { $ref: '#/$defs/logspace' },
      }
    : {};
  return {
    description: `Values of \`${parameter.name}\` to compare. ${String(parameter.schema.description)}`,
    examples: [someOf(parameter)],
    anyOf: [list, { type: 'object', additionalProperties: false, properties: { ...range, values, when } }],
  };
}

function toColumn(parameter: Parameter): Json {
  const list = toList(parameter, false);
  return {
    description: `Values of \`${parameter.name}\`, one per row. ${String(parameter.schema.description)}`,
    examples: [someOf(parameter)],
    ...(isNumeric(parameter) ? { anyOf: [list, { $ref: '#/$defs/range' }] } : list),
  };
}

function toMatch(parameter: Parameter): Json {
  return {
    description: `A value of \`${parameter.name}\`, or a list of alternatives. ${String(parameter.schema.description)}`,
    examples: someOf(parameter),
    anyOf: [itemOf(parameter), toList(parameter, false)],
  };
}

function toCellValue(parameter: Parameter): Json {
  return {
    description: `The cell's value of \`${parameter.name}\`. ${String(parameter.schema.description)}`,
    examples: someOf(parameter),
    ...itemOf(parameter),
  };
}

const schemaPath = fileURLToPath(new URL('../schema/experiment.schema.json', import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = JSON.parse(readFileSync(schemaPath, 'utf8')) as Json;
  writeFileSync(schemaPath, `${JSON.stringify(deriveSchema(root), null, 2)}\n`);
}
