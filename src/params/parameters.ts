import { loadFolder } from '../system/load-folder.js';
import type { ParameterDefinition, ParamName } from './parameter.js';

/** A definition of some parameter: what is asked of all alike. */
export interface AnyParameter extends Pick<ParameterDefinition, 'name' | 'neutral' | 'neutralSettings'> {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly resolve?: (given: never, context: never) => unknown;
}

/** Every parameter that there is: each a file in definitions/. */
export const parameters: readonly AnyParameter[] = await loadFolder<AnyParameter>(
  new URL('definitions/', import.meta.url),
);

const byName = new Map(parameters.map((definition) => [definition.name, definition]));

export function parameterNamed<Name extends ParamName>(name: Name): ParameterDefinition<Name> {
  return byName.get(name) as unknown as ParameterDefinition<Name>;
}
