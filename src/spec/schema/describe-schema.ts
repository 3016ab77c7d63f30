/** The parts of JSON Schema that experiment.schema.json is written in. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
}

/** What a value should be, in a sentence: `a whole number`, `a list or a mapping`. */
export function describeExpected(written: Schema, resolve: (schema: Schema) => Schema): string {
  const schema = resolve(written);
  if (schema.anyOf) return schema.anyOf.map((branch) => describeExpected(branch, resolve)).join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(' or ');
  switch (schema.type) {
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'string':
      return 'text';
    case 'array':
      return 'a list';
    default:
      return describeMapping(schema);
  }
}

/** With few fields, they say more than the word. */
function describeMapping({ properties, maxProperties }: Schema): string {
  const names = Object.keys(properties ?? {});
  return names.length > 0 && names.length < 5
    ? `a mapping with ${joinNames(names, maxProperties === 1 ? 'or' : 'and')}`
    : 'a mapping';
}

function joinNames(names: readonly string[], word: 'and' | 'or'): string {
  const quoted = names.map((name) => `\`${name}\``);
  return [quoted.slice(0, -1).join(', '), quoted.at(-1)!].filter((part) => part !== '').join(` ${word} `);
}

/** The numbers allowed, in a sentence: `more than 0 and at most 2`. */
export function describeRange(schema: Schema): string {
  const bounds = [
    schema.minimum === undefined ? null : `at least ${schema.minimum}`,
    schema.exclusiveMinimum === undefined ? null : `more than ${schema.exclusiveMinimum}`,
    schema.maximum === undefined ? null : `at most ${schema.maximum}`,
    schema.exclusiveMaximum === undefined ? null : `less than ${schema.exclusiveMaximum}`,
  ];
  return bounds.filter((bound) => bound !== null).join(' and ');
}
