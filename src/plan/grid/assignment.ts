import type { SourcePath } from '../../spec/source/source-tree.js';

/** A parameter's value, and where the file gives it. */
export interface Assignment {
  /** Dotted below another parameter: `optimizer.learningRate`. */
  readonly name: string;
  readonly value: unknown;
  readonly path: SourcePath;
}

/** A mapping of parameters, nested or with dotted keys, as one assignment a value. Lists are values. */
export function flatten(values: object, path: SourcePath, prefix = ''): Assignment[] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]): Assignment[] =>
    isMapping(value)
      ? flatten(value, [...path, key], `${prefix}${key}.`)
      : [{ name: `${prefix}${key}`, value, path: [...path, key] }],
  );
}

/** Lays assignments over one another, the later ones winning, as a nested mapping. */
export function toMapping(assignments: Iterable<Assignment>): Record<string, unknown> {
  const mapping: Record<string, unknown> = {};
  for (const { name, value } of assignments) {
    const steps = name.split('.');
    let owner = mapping;
    for (const step of steps.slice(0, -1)) {
      const below = owner[step];
      owner = owner[step] = isMapping(below) ? below : {};
    }
    owner[steps.at(-1)!] = value;
  }
  return mapping;
}

/** The value at a dotted name; undefined where there is none. */
export function valueAt(values: Readonly<Record<string, unknown>>, name: string): unknown {
  if (!name.includes('.')) return Object.hasOwn(values, name) ? values[name] : undefined;
  return name
    .split('.')
    .reduce<unknown>(
      (owner, step) => (isMapping(owner) && Object.hasOwn(owner, step) ? owner[step] : undefined),
      values,
    );
}

/** Whether two dotted names concern the same parameter: one is the other, or lies below it. */
export const overlap = (a: string, b: string): boolean =>
  a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
