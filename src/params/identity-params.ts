import type { Augmentation } from '../augmentations/augmentation.js';
import { augmentations } from '../augmentations/augmentations.js';
import { canonicalJson } from '../spec/canonical-json.js';
import type { TrialParams } from './parameter.js';
import { parameters } from './parameters.js';

/**
 * What of a trial's parameters its identity holds: all but those that were introduced later and have the value that
 * changes nothing. So the trials that were finished before keep their ids.
 */
export function identityParams(params: TrialParams): Readonly<Record<string, unknown>> {
  const fields = parameters.flatMap(({ name, neutral, neutralSettings, named }) => {
    const value: unknown = params[name];
    if (named || value === undefined || isSame(value, neutral)) return [];
    if (name === 'augmentation' && Array.isArray(value)) return [[name, value.map(identityAugmentation)]];
    return [[name, neutralSettings ? withoutNeutral(value as object, neutralSettings) : value]];
  });
  return Object.fromEntries(fields) as Readonly<Record<string, unknown>>;
}

/** What a journal of somebody else's making holds in its place stays as it is. */
function identityAugmentation(augmentation: Augmentation | null): unknown {
  const neutral = augmentations.find(({ name }) => name === augmentation?.name)?.neutral;
  return augmentation && neutral ? withoutNeutral(augmentation, neutral) : augmentation;
}

function withoutNeutral(mapping: object, neutral: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(mapping).filter(([name, value]: [string, unknown]) => !isSame(value, neutral[name])),
  );
}

const isSame = (value: unknown, neutral: unknown): boolean =>
  neutral !== undefined && canonicalJson(value) === canonicalJson(neutral);
