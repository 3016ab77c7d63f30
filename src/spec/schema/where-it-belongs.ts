import type { SourcePath } from '../source/source-tree.js';
import { experimentFields, parameterNames } from './compile-schema.js';

/** How a field that is unknown where it stands was surely meant, as a sentence; null where that is not sure. */
export function whereItBelongs(path: SourcePath, name: string, allowed: readonly string[]): string | null {
  const [, before, value] = /^([\w.]+):(\S.*)$/.exec(name) ?? [];
  if (before !== undefined && allowed.includes(before))
    return `a space is missing after the colon: \`${before}: ${value}\``;
  const parameters = parameterNames();
  if (path.length === 0)
    return parameters.includes(name) ? `it is a parameter: \`params: { ${nested(name)} }\`` : null;
  const takesParameters = allowed.includes('epochs') && allowed.includes('dropout');
  if (!takesParameters) return null;
  const [whole, second] = parameters.filter((known) => known === name || known.endsWith(`.${name}`));
  if (whole !== undefined && second === undefined)
    return `it is written as \`${allowed.includes(whole) ? whole : nested(whole)}\``;
  return experimentFields().includes(name)
    ? 'it is a field of the experiment: write it without indentation'
    : null;
}

/** `optimizer: { learningRate: … }`. */
function nested(name: string): string {
  const [first, ...rest] = name.split('.');
  return rest.length === 0 ? `${first}: …` : `${first}: { ${nested(rest.join('.'))} }`;
}
