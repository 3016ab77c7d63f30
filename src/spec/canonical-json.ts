import { inspect } from 'node:util';

/**
 * JSON with sorted keys and without spaces: equal values have equal texts. Numbers are written as JavaScript
 * writes them (the shortest text that reads back), as in RFC 8785. Fields that are undefined are left out.
 * @throws Error on what JSON cannot hold: a number that is not finite, a function, a symbol, a bigint.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
    return `{${fields.join(',')}}`;
  }
  const isPlain = value === null || typeof value === 'string' || typeof value === 'boolean';
  if (!isPlain && !Number.isFinite(value))
    throw new Error(`JSON cannot hold a ${typeof value} such as ${inspect(value)}`);
  return JSON.stringify(value);
}
