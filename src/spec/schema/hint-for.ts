import type { Hint } from '../../diagnostics/hint.js';
import { hasTypeOf } from './collapse-unions.js';
import { resolveSchema } from './compile-schema.js';
import type { Schema } from './describe-schema.js';

/**
 * What was surely meant by a value of a wrong type; null where that is not sure.
 * @param source the value as the file has it: `007` for 7
 */
export function hintFor(schema: Schema, got: unknown, source: string): Hint | null {
  const branches = (schema.anyOf ?? [schema]).map(resolveSchema);
  if (got === null) {
    if (branches.some((branch) => branch.enum?.includes('none'))) return write('none');
    return branches.length === 1 && branches[0]!.type === 'object' ? { rule: 'defaults' } : null;
  }
  const scalars = branches.flatMap((branch) => scalarHint(branch, got, source) ?? []);
  if (scalars[0]) return scalars[0];
  const collections = branches.flatMap((branch) => collectionHint(branch, got, source) ?? []);
  const written = collections.flatMap((hint) => (hint.rule === 'write' ? hint.alternatives : []));
  return written.length > 0 ? write(...written) : (collections[0] ?? null);
}

const write = (...alternatives: readonly string[]): Hint => ({ rule: 'write', alternatives });

function scalarHint({ type, enum: allowed }: Schema, got: unknown, source: string): Hint | null {
  switch (type) {
    case 'integer':
    case 'number': {
      if (typeof got !== 'string') return null;
      const text = got.trim();
      if (text !== '' && Number.isFinite(Number(text)))
        return { rule: 'unquoted', text: String(Number(text)) };
      const number = meantNumber(text, type === 'integer');
      if (number !== null) return { rule: 'plain-number', text: String(number) };
      return /^[\d.]+( +[\d.]+)+$/.test(text) ? write(text.split(/ +/).join(', ')) : null;
    }
    case 'boolean': {
      const meant = meantBoolean(got);
      return meant === null ? null : { rule: 'boolean', text: String(meant) };
    }
    case 'string':
      return allowed === undefined && (typeof got === 'number' || typeof got === 'boolean')
        ? { rule: 'quotes', text: source }
        : null;
    default:
      return null;
  }
}

/** `0,5`, `10%`, `1_000`, `60 000`. */
function meantNumber(text: string, isWhole: boolean): number | null {
  if (isWhole) {
    const digits = /^\d{1,3}([,_ '.]\d{3})+$/.test(text) ? text.replace(/\D/g, '') : null;
    return digits === null ? null : Number(digits);
  }
  const percent = /^([\d.]+) ?%$/.exec(text)?.[1];
  if (percent !== undefined) return finite(Number((Number(percent) / 100).toPrecision(12)));
  // With three digits behind it, a comma may as well part the thousands: `1,000`.
  return /^\d+,(\d{1,2}|\d{4,})$|^0,\d+$/.test(text) ? finite(Number(text.replace(',', '.'))) : null;
}

const finite = (number: number): number | null => (Number.isFinite(number) ? number : null);

/** The words of YAML 1.1 for booleans, which in 1.2 are texts; and 0 and 1. */
function meantBoolean(got: unknown): boolean | null {
  const word = String(got).trim().toLowerCase();
  if (['yes', 'on', 'y', 't', 'true', '1'].includes(word)) return true;
  return ['no', 'off', 'n', 'f', 'false', '0'].includes(word) ? false : null;
}

function collectionHint(branch: Schema, got: unknown, source: string): Hint | null {
  if (branch.type === 'array') return listHint(branch, got, source);
  return branch.type === 'object' ? mappingHint(branch, got) : null;
}

function listHint({ items, minItems, maxItems }: Schema, got: unknown, source: string): Hint | null {
  if (!items || maxItems === 0) return null;
  const item = resolveSchema(items);
  if (typeof got === 'object')
    return item.type === 'object' && !Array.isArray(got) ? { rule: 'dashes' } : null;
  if (typeof got === 'string' && got.includes(',')) {
    const parts = got
      .replace(/^\(|\)$/g, '')
      .split(',')
      .map((part) => part.trim());
    if (parts.every((part) => isItem(item, part))) return write(`[${parts.join(', ')}]`);
  }
  const meant = itemFor(item, got, source);
  return meant === null || (minItems ?? 0) > 1 ? null : write(`[${meant}]`);
}

function isItem(item: Schema, part: string): boolean {
  if (item.type === 'integer') return /^\d+$/.test(part);
  if (item.type === 'number') return part !== '' && Number.isFinite(Number(part));
  return item.type === 'string' && part !== '';
}

/** One item as it would be written; null where the value is none. */
function itemFor(item: Schema, got: unknown, source: string): string | null {
  if (hasTypeOf(item, got)) return source;
  const hint = hintFor(item, got, source);
  if (hint === null) return null;
  if (hint.rule === 'write') return hint.alternatives[0]!;
  return 'text' in hint ? (hint.rule === 'quotes' ? `"${hint.text}"` : hint.text) : null;
}

function mappingHint({ properties = {}, required = [], maxProperties }: Schema, got: unknown): Hint | null {
  const names = Object.keys(properties);
  const isSeeds = names.includes('count') && names.includes('base');
  if (got === true && required.length === 0) return write('{}');
  if (Array.isArray(got)) return got.length > 0 && got.every(isMapping) ? { rule: 'no-dashes' } : null;
  if (typeof got === 'string') {
    const [, name, value] = /^([\w.]+)(?: *[:=] *| +)([^\s=].*)$/s.exec(got) ?? [];
    if (name !== undefined && names.includes(name)) return { rule: 'colon', text: `${name}: ${value}` };
    if (maxProperties === 1 && names.includes(got)) return write(`{ ${got}: {} }`);
    const seeds = /^(\d{1,10}) *(?:-|–|\.\.\.?|to|:) *(\d{1,10})$/.exec(got);
    if (seeds && isSeeds) {
      const [first, last] = [Number(seeds[1]), Number(seeds[2])];
      return last < first ? null : write(`{ count: ${last - first + 1}, base: ${first} }`);
    }
    if (properties.name && resolveSchema(properties.name).enum?.includes(got))
      return write(`{ name: ${got} }`);
    if (isSeeds && got === 'decided') return write('{ until: decided }');
  }
  const [only] = required.length === 1 ? required : isSeeds ? ['count'] : names.length === 1 ? names : [];
  // By its examples too: of a field that is nowhere in the file, compileSchema keeps only those.
  const isNumber = only !== undefined && typeof resolveSchema(properties[only]!).examples?.[0] === 'number';
  if (!isNumber || typeof got !== 'number') return null;
  return write(`{ ${only}: ${got} }`);
}

const isMapping = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
