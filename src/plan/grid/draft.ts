import type { DatasetFacts } from '../../data/dataset.js';
import type { ParamsEntry, ResolveContext } from '../../params/parameter.js';
import type { ExperimentSpec } from '../../spec/experiment-spec.js';
import type { SourcePath } from '../../spec/source/source-tree.js';
import { flatten, overlap, toMapping, valueAt, type Assignment } from './assignment.js';
import { toAxisValue, type Row } from './dimension.js';
import type { CellValues } from './match.js';
import {
  datasetNameOf,
  emptySet,
  resolveContext,
  resolveData,
  resolveParams,
} from '../../params/resolve-params.js';
import type { AxisValue, TrialData, TrialParams } from '../plan.js';

/** A cell in the making: the rows chosen, laid over `params` in this order. */
export interface Draft {
  readonly rows: readonly Row[];
  /** Columns of axes that do not exist in this cell. */
  readonly absent: readonly string[];
}

/** A draft with every parameter resolved. */
export interface ResolvedDraft extends Draft {
  readonly params: TrialParams;
  readonly data: TrialData;
  /** Equal for drafts that train the same. */
  readonly content: string;
  readonly values: CellValues;
}

/** The data sets that an experiment's drafts name. */
export type Datasets = (name: string) => DatasetFacts;

/** What all drafts of an experiment are laid over. */
export class Resolver {
  readonly #base: readonly Assignment[];
  readonly #spec: ExperimentSpec;
  readonly #datasets: Datasets;
  readonly #contexts = new Map<string, ResolveContext>();

  constructor(spec: ExperimentSpec, datasets: Datasets) {
    this.#base = flatten(spec.params ?? {}, ['params']);
    this.#spec = spec;
    this.#datasets = datasets;
  }

  resolve(draft: Draft): ResolvedDraft {
    const entry = toMapping(this.#assignments(draft)) as ParamsEntry;
    const context = this.#contextOf(datasetNameOf(entry));
    const params = resolveParams(entry, context);
    const data = resolveData(this.#spec.data, context.dataset);
    const variant = draft.rows.find(({ shown }) => 'variant' in shown)?.shown.variant;
    const augmentation = entry.augmentation ?? emptySet;
    return {
      rows: draft.rows,
      absent: draft.absent,
      params,
      data,
      content: JSON.stringify({ ...params, dataset: context.dataset.sha256 }), // always in one order of keys
      values: {
        ...params,
        augmentation,
        fit: entry.fit ?? params.fit,
        ...(variant === undefined ? {} : { variant }),
      },
    };
  }

  /** Where the file gives a parameter of a draft; for one that it does not give, where it would. */
  pathOf(draft: Draft, parameter: string): SourcePath {
    const given = this.#assignments(draft).findLast(({ name }) => overlap(name, parameter));
    return given?.path ?? ['params', ...parameter.split('.')];
  }

  /** The settings that the file gives a draft, dotted: `optimizer.momentum`. */
  givenSettings(draft: Draft): string[] {
    return this.#assignments(draft).flatMap(({ name }) => (name.includes('.') ? [name] : []));
  }

  #contextOf(dataset: string): ResolveContext {
    const known = this.#contexts.get(dataset);
    if (known) return known;
    const context = resolveContext(this.#spec, this.#datasets(dataset));
    this.#contexts.set(dataset, context);
    return context;
  }

  #assignments(draft: Draft): Assignment[] {
    const all = [...this.#base];
    for (const { assignments } of draft.rows) all.push(...assignments);
    return all;
  }
}

/** What a column shows of a draft; undefined where the column's parameter does not exist in it. */
export function shownIn({ rows, absent, values }: ResolvedDraft, column: string): AxisValue | undefined {
  if (absent.includes(column)) return undefined;
  for (const { shown } of rows) if (Object.hasOwn(shown, column)) return shown[column];
  const value = valueAt(values, column);
  return value === undefined ? undefined : toAxisValue(value);
}
