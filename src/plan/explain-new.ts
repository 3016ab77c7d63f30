import { identityParams } from '../params/identity-params.js';
import { defaultDatasetName } from '../params/resolve-params.js';
import type { DatasetFacts } from '../data/dataset.js';
import { canonicalJson } from '../spec/canonical-json.js';
import { flatten } from './grid/assignment.js';
import type { Datasets } from './grid/draft.js';
import type { Trial, TrialContext, TrialData, TrialParams } from './plan.js';
import { trainerChanges } from './trainer-version.js';

/** A trial that was trained before, perhaps by another version of this program. */
export type KnownTrial = Pick<Trial, 'id' | 'params' | 'seed' | 'data'> & {
  /** Null: not recorded. */
  readonly context: TrialContext | null;
};

/** One thing that is different now: of the context, or a parameter, dotted. */
export interface IdentityChange {
  readonly name: string;
  readonly before: string | number | null;
  readonly now: string | number | null;
  /** Of another trainer: what it does differently with these trials. */
  readonly because: readonly string[];
}

/** Trials that were trained before with the same parameters, data split and seed, and now have other ids. */
export interface Outdated {
  readonly trials: number;
  /** What is different now; null: unknown, their context was not recorded. */
  readonly changes: readonly IdentityChange[] | null;
}

/** Why trials are new although trials just like them are known: groups of them, each with what changed. */
export function explainNew(
  newTrials: readonly Trial[],
  known: Iterable<KnownTrial>,
  datasets: Datasets,
): Outdated[] {
  if (newTrials.length === 0) return [];
  const last = new Map<string, KnownTrial>();
  const ofData = new Map<string, KnownTrial>(); // of whatever content
  for (const trial of known) {
    last.set(likeness(trial), trial);
    ofData.set(likenessButForNumbers(trial), trial);
  }
  if (last.size === 0) return [];
  const groups = new Map<string, Outdated>();
  for (const trial of newTrials) {
    const before = last.get(likeness(trial)) ?? findOfOtherData(trial, ofData);
    if (before === undefined || before.id === trial.id) continue;
    const changes = before.context && [
      ...listContextChanges(before.context, trial, datasets(trial.params.dataset)),
      ...listParameterChanges(before, trial),
    ];
    const key = JSON.stringify(changes);
    groups.set(key, { trials: (groups.get(key)?.trials ?? 0) + 1, changes });
  }
  return [...groups.values()];
}

/** Equal for trials that a person would call the same: numbers may differ by what an earlier version rounded otherwise. */
function likeness({ params, seed, data }: KnownTrial): string {
  const { dataset = defaultDatasetName } = params as Partial<TrialParams>; // earlier versions knew one
  return canonicalJson({ dataset, params: roughly(identityParams(params)), seed, data });
}

/** The same where other images are in the data set: how many are trained on and held out follows from that. */
function likenessButForNumbers({ params, seed, data, ...trial }: KnownTrial): string {
  const validation = (data as Partial<TrialData> | undefined)?.validation; // of a journal that somebody wrote by hand
  const rest = { ...params, trainSubset: 0 };
  const kind = typeof validation === 'string' ? validation : { holdout: 0 };
  return likeness({ ...trial, seed, params: rest, data: { validation: kind } });
}

/** A trial like it on other images of that data set; undefined where there is none. */
function findOfOtherData(trial: Trial, known: ReadonlyMap<string, KnownTrial>): KnownTrial | undefined {
  const before = known.get(likenessButForNumbers(trial));
  return before?.context && before.context.dataSha256 !== trial.context.dataSha256 ? before : undefined;
}

function roughly(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toFixed(9));
  if (Array.isArray(value)) return value.map(roughly);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, roughly(field)]));
}

function listContextChanges(
  before: TrialContext,
  { context: now, params }: Trial,
  dataset: DatasetFacts,
): IdentityChange[] {
  const names = ['trainerVersion', 'dataSha256', 'weightsSha256', 'engineFamily'] as const;
  return names.flatMap((name) => {
    if (before[name] === now[name]) return [];
    const newer = trainerChanges.filter(
      ({ version, concerns }) =>
        version > before.trainerVersion && version <= now.trainerVersion && concerns(params, dataset),
    );
    const because = name === 'trainerVersion' ? newer.map(({ what }) => what) : [];
    return [{ name, before: before[name], now: now[name], because }];
  });
}

function listParameterChanges(before: KnownTrial, now: KnownTrial): IdentityChange[] {
  const valuesOf = ({ params }: KnownTrial) =>
    new Map(flatten(identityParams(params), []).map(({ name, value }) => [name, canonicalJson(value)]));
  const [old, current] = [valuesOf(before), valuesOf(now)];
  return [...current].flatMap(([name, value]) => {
    const earlier = old.get(name) ?? null;
    return earlier === value ? [] : [{ name, before: earlier, now: value, because: [] }];
  });
}
