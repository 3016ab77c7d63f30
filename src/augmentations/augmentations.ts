import { loadFolder } from '../system/load-folder.js';
import type { Augmentation, AugmentationDefinition } from './augmentation.js';

/** A definition whose settings are known to itself alone. */
export type AnyAugmentation = AugmentationDefinition<Record<string, unknown>>;

/** Every augmentation that there is: each a file in definitions/. */
export const augmentations: readonly AnyAugmentation[] = await loadFolder<AnyAugmentation>(
  new URL('definitions/', import.meta.url),
);

const byName = new Map(augmentations.map((definition) => [definition.name, definition]));

/** @throws RangeError where there is none */
export function augmentationNamed(name: string): AnyAugmentation {
  const definition = byName.get(name);
  if (!definition) throw new RangeError(`Expected the name of an augmentation, got ${name}`);
  return definition;
}

/** An augmentation as a file writes it: one field, its name, with the settings that differ from the defaults. */
export type AugmentationEntry = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** With every setting. */
export function resolveAugmentation(entry: AugmentationEntry): Augmentation {
  const [[name, given]] = Object.entries(entry) as [[string, object]];
  const { properties } = augmentationNamed(name).schema;
  const defaults = Object.entries(properties).map(([setting, { default: value }]) => [setting, value]);
  return { name, ...(Object.fromEntries(defaults) as object), ...given };
}
