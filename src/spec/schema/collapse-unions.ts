import type { ErrorObject } from 'ajv/dist/2020.js';
import { resolveSchema, type CompiledSchema } from './compile-schema.js';
import type { Schema } from './describe-schema.js';

/**
 * Where a union fails, the library reports every branch. What counts is the branch whose type the value has;
 * where it has none of them, the union as a whole.
 * @returns the errors that count, and the outermost failing union by the place of its value.
 */
export function collapseUnions(
  all: readonly ErrorObject[],
  follow: CompiledSchema['follow'],
): {
  errors: ErrorObject[];
  unions: ReadonlyMap<string, Schema>;
} {
  const unions = new Map<string, Schema>();
  const passedOver = new Map<string, Set<unknown>>();
  // An outer union is reported after those in it, and decides over them.
  for (const { keyword, instancePath, parentSchema, data } of [...all].reverse()) {
    if (keyword !== 'anyOf') continue;
    const union = parentSchema as Schema;
    const others = passedOver.get(instancePath) ?? new Set();
    passedOver.set(instancePath, others);
    if (others.has(union)) continue;
    if (!unions.has(instancePath)) unions.set(instancePath, union);
    const fits = union.anyOf!.some((branch) => hasTypeOf(branch, data));
    if (fits) others.add(union);
    for (const branch of union.anyOf!) if (!hasTypeOf(branch, data)) addSchemas(branch, follow, others);
  }
  const errors = all.filter(
    ({ instancePath, parentSchema }) => !passedOver.get(instancePath)?.has(parentSchema),
  );
  return { errors, unions };
}

/** A branch, what it refers to, and the branches in it: an error at the value itself names one of them. */
function addSchemas(branch: Schema, follow: CompiledSchema['follow'], into: Set<unknown>): void {
  into.add(branch);
  const target = follow(branch);
  if (target !== branch) addSchemas(target, follow, into);
  for (const inner of branch.anyOf ?? []) addSchemas(inner, follow, into);
}

/** Whether a value is of the type that a schema asks for, whatever else it asks. */
export function hasTypeOf(written: Schema, value: unknown): boolean {
  const schema = resolveSchema(written);
  if (schema.anyOf) return schema.anyOf.some((branch) => hasTypeOf(branch, value));
  switch (schema.type) {
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return typeof value === schema.type;
  }
}
