import type { PlacedFileProblem } from '../../diagnostics/file-problem.js';
import type { ExperimentSpec, MatchEntry } from '../../spec/experiment-spec.js';
import { describePath } from '../../spec/source/source-path.js';
import type { SourcePath } from '../../spec/source/source-tree.js';
import { flatten, overlap, valueAt } from './assignment.js';
import { nameOfRule, toAxisValue, type Grid, type Row } from './dimension.js';
import { shownIn, type Resolver, type ResolvedDraft } from './draft.js';
import { matches } from './match.js';

/** What one rule did. */
export interface RuleEffect {
  /** `exclude[0]`, `matrix[1].exclude[0]`, `overrides[0]`. */
  readonly rule: string;
  readonly cells: number;
}

interface Rule {
  readonly rule: MatchEntry;
  readonly path: SourcePath;
}

/** A rule tried on a cell takes 0.1 µs, and 0.4 µs and 25 bytes where it sets something there: 4 s at most. */
const maximumTries = 10_000_000;

function isTooMuch(
  rules: readonly Pick<Rule, 'path'>[],
  cells: number,
  spec: ExperimentSpec,
  problems: PlacedFileProblem[],
): boolean {
  if (rules.length * cells <= maximumTries) return false;
  const list = rules[0]!.path.slice(
    0,
    rules[0]!.path.findLastIndex((step) => typeof step === 'number'),
  );
  const place = spec.keyPlaceOf(list);
  const [field, limit] = [describePath(list), maximumTries];
  problems.push({ kind: 'file', reason: 'too-many-rules', place, field, rules: rules.length, cells, limit });
  return true;
}

/** Leaves out the cells that a rule matches; a cell counts for the first of them. */
export function applyExcludes(
  drafts: readonly ResolvedDraft[],
  rules: readonly Rule[],
  spec: ExperimentSpec,
  problems: PlacedFileProblem[],
): { drafts: readonly ResolvedDraft[]; effects: RuleEffect[] } {
  if (rules.length === 0 || isTooMuch(rules, drafts.length, spec, problems)) return { drafts, effects: [] };
  const removed = rules.map(() => 0);
  const matched = rules.map(() => false);
  const kept = drafts.filter(({ values }) => {
    let first = -1;
    for (const [index, { rule }] of rules.entries()) {
      if ((first !== -1 && matched[index]) || !matches(rule, values)) continue;
      matched[index] = true;
      if (first === -1) first = index;
    }
    if (first !== -1) removed[first]!++;
    return first === -1;
  });
  for (const [index, rule] of rules.entries())
    if (!matched[index]) problems.push(nothingMatches(rule, drafts, spec));
  const effects = rules.map(({ path }, index) => ({ rule: nameOfRule(path), cells: removed[index]! }));
  return { drafts: kept, effects };
}

/** A rule that matches no cell, with the values that there are. */
export function nothingMatches(
  { rule, path }: Rule,
  drafts: readonly ResolvedDraft[],
  spec: ExperimentSpec,
): PlacedFileProblem {
  const names = [...new Set(flatten(rule, []).map(({ name }) => name))];
  const existing = names.map((name) => {
    const found = new Set(drafts.map(({ values }) => valueAt(values, name)));
    found.delete(undefined);
    return { name, values: [...found].map((value) => String(toAxisValue(value))) };
  });
  const isInList = typeof path.at(-1) === 'number';
  const place = isInList ? spec.placeOf(path) : spec.keyPlaceOf(path);
  return { kind: 'file', reason: 'nothing-matches', place, rule: nameOfRule(path), existing };
}

/** The cells that `include` adds: each says its value of every axis. */
export function listIncludes(
  spec: ExperimentSpec,
  grids: readonly Grid[],
  resolver: Resolver,
  drafts: readonly ResolvedDraft[],
  problems: PlacedFileProblem[],
): ResolvedDraft[] {
  const columns = [...new Set(grids.flatMap(({ dimensions }) => dimensions.flatMap((one) => one.columns)))];
  const shown = new Map<string, readonly string[]>(); // once for all entries: 100,000 values may be in each
  const valuesOf = (column: string): readonly string[] => {
    let values = shown.get(column);
    if (!values) {
      const found = new Set(drafts.map((draft) => shownIn(draft, column)));
      found.delete(undefined);
      shown.set(column, (values = [...found].map(String)));
    }
    return values;
  };
  return (spec.include ?? []).map((entry, index) => {
    const path = ['include', index];
    const { variant, ...parameters } = entry;
    const patch =
      variant === undefined
        ? []
        : flatten(spec.variants?.[variant as string] ?? {}, ['variants', variant as string]);
    const rows: Row[] = [
      ...(variant === undefined ? [] : [{ assignments: patch, shown: { variant: variant as string } }]),
      { assignments: flatten(parameters, path), shown: {} },
    ];
    const { values } = resolver.resolve({ rows, absent: [] });
    const named = flatten(entry, []).map(({ name }) => name);
    const owners = (column: string) =>
      grids.map(({ dimensions }) =>
        dimensions.find(
          (one) => one.columns.includes(column) && (!one.when || matches(one.when.rule, values)),
        ),
      );
    const existsSomewhere = (column: string) => owners(column).some((owner) => owner);
    const missing = columns.find(
      (column) => owners(column).every((owner) => owner) && !named.some((name) => overlap(name, column)),
    );
    if (missing !== undefined) {
      const place = spec.placeOf(path);
      problems.push({ kind: 'file', reason: 'partial-include', place, missing, values: valuesOf(missing) });
    }
    const absent = columns.filter((column) => !existsSomewhere(column) && !named.includes(column));
    return resolver.resolve({ rows, absent });
  });
}

/** The first of each group of cells that train the same thing. */
export function dropIdentical(drafts: readonly ResolvedDraft[]): ResolvedDraft[] {
  const known = new Set<string>();
  return drafts.filter(({ params }) => {
    const content = JSON.stringify(params); // resolved parameters always have one order of keys
    if (known.has(content)) return false;
    known.add(content);
    return true;
  });
}

/** Every condition looks at the cell as it was before the first override. */
export function applyOverrides(
  drafts: readonly ResolvedDraft[],
  spec: ExperimentSpec,
  resolver: Resolver,
  problems: PlacedFileProblem[],
): { drafts: readonly ResolvedDraft[]; effects: RuleEffect[] } {
  const overrides = (spec.overrides ?? []).map(({ when, set }, index) => ({
    rule: when,
    path: ['overrides', index, 'when'],
    row: { assignments: flatten(set, ['overrides', index, 'set']), shown: {} },
  }));
  if (overrides.length === 0 || drafts.length === 0) return { drafts, effects: [] };
  if (isTooMuch(overrides, drafts.length, spec, problems)) return { drafts, effects: [] };
  const changed = overrides.map(() => 0);
  const result = drafts.map((draft) => {
    const rows = overrides.flatMap(({ rule, row }, index) => {
      if (!matches(rule, draft.values)) return [];
      changed[index]!++;
      return [row];
    });
    return rows.length === 0 ? draft : resolver.resolve({ ...draft, rows: [...draft.rows, ...rows] });
  });
  for (const [index, override] of overrides.entries())
    if (changed[index] === 0) problems.push(nothingMatches(override, drafts, spec));
  const effects = changed.map((cells, index) => ({ rule: `overrides[${index}]`, cells }));
  return { drafts: result, effects };
}
