import { code, joinWords } from '../../diagnostics/wording.js';

/** The parts of JSON Schema that experiment.schema.json is written in. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: 'integer' | 'number' | 'boolean' | 'string' | 'array' | 'object';
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
}

/** What a value should be, in a sentence: `a whole number`, `a list or a mapping`. */
export function describeExpected(written: Schema, resolve: (schema: Schema) => Schema): string {
  const schema = resolve(written);
  if (schema.anyOf) return schema.anyOf.map((branch) => describeExpected(branch, resolve)).join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(' or ');
  switch (schema.type ?? 'object') {
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return '`true` or `false`';
    case 'string':
      return 'text';
    case 'array':
      return 'a list';
    case 'object':
      return describeMapping(schema);
  }
}

/** With few fields, they say more than the word. */
function describeMapping({ properties, maxProperties }: Schema): string {
  const names = Object.keys(properties ?? {});
  return names.length > 0 && names.length < 5
    ? `a mapping with ${joinWords(names.map(code), maxProperties === 1 ? 'or' : 'and')}`
    : 'a mapping';
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
