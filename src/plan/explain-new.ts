import { canonicalJson } from '../spec/canonical-json.js';
import type { Trial, TrialContext } from './plan.js';

/** A trial that was trained before, perhaps by another version of this program. */
export type KnownTrial = Pick<Trial, 'id' | 'params' | 'seed' | 'data'> & {
  /** Null: not recorded. */
  readonly context: TrialContext | null;
};

/** Trials that were trained before with the same parameters, data split and seed, in another context. */
export interface Outdated {
  readonly trials: number;
  /** What is different now; null: unknown, their context was not recorded. */
  readonly changes:
    | readonly {
        readonly name: keyof TrialContext;
        readonly before: string | number | null;
        readonly now: string | number | null;
      }[]
    | null;
}

/** Why trials are new although trials just like them are known: groups of them, each with what changed. */
export function explainNew(newTrials: readonly Trial[], known: Iterable<KnownTrial>): Outdated[] {
  if (newTrials.length === 0) return [];
  const keyOf = ({ params, seed, data }: KnownTrial) => canonicalJson({ params, seed, data });
  const last = new Map<string, KnownTrial>();
  for (const trial of known) last.set(keyOf(trial), trial);
  if (last.size === 0) return [];
  const groups = new Map<string, Outdated>();
  for (const trial of newTrials) {
    const before = last.get(keyOf(trial));
    if (before === undefined || before.id === trial.id) continue;
    const changes = before.context && listChanges(before.context, trial.context);
    const key = JSON.stringify(changes);
    groups.set(key, { trials: (groups.get(key)?.trials ?? 0) + 1, changes });
  }
  return [...groups.values()];
}

function listChanges(before: TrialContext, now: TrialContext): Outdated['changes'] {
  const names: readonly (keyof TrialContext)[] = [
    'trainerVersion',
    'dataSha256',
    'weightsSha256',
    'engineFamily',
  ];
  return names.flatMap((name) =>
    before[name] === now[name] ? [] : [{ name, before: before[name], now: now[name] }],
  );
}
