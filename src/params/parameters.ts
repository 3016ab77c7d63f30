import { loadFolder } from '../system/load-folder.js';
import type { ParameterDefinition, TrainingEffect } from './parameter.js';

/** A definition of some parameter: what is asked of all alike. */
export interface AnyParameter extends Pick<
  ParameterDefinition,
  'name' | 'neutral' | 'neutralSettings' | 'named'
> {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly resolve?: (given: never, context: never) => unknown;
  readonly effect?: TrainingEffect<unknown>;
}

/** Every parameter that there is: each a file in definitions/. */
export const parameters: readonly AnyParameter[] = await loadFolder<AnyParameter>(
  new URL('definitions/', import.meta.url),
);
