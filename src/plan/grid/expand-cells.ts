import type { PlacedFileProblem } from '../../diagnostics/file-problem.js';
import type { ExperimentSpec } from '../../spec/experiment-spec.js';
import {
  applyExcludes,
  applyOverrides,
  countOverridden,
  listIncludes,
  listOverrides,
  nothingMatches,
  type RuleEffect,
} from './apply-rules.js';
import { flatten, overlap } from './assignment.js';
import type { Grid } from './dimension.js';
import type { Resolver, ResolvedDraft } from './draft.js';
import { expandOneAtATime, expandProduct, maximumCells, productSize } from './expand-grid.js';
import { mergeIdentical, showCell, valuesShown, type Members } from './merge-identical.js';
import type { Arithmetic, AxisValue, Cell, Plan } from '../plan.js';

/** Of each cell, at least and at most. */
export interface SeedCounts {
  readonly fewest: number;
  readonly most: number;
}

export interface ExpandedCells {
  readonly axes: Plan['axes'];
  readonly cells: readonly Cell[];
  /** What each cell was made of, by its index. */
  readonly members: readonly Members[];
  readonly arithmetic: Arithmetic;
  /** Where every axis is swept alone: what the others are compared with. Null where it was left out. */
  readonly baseline: Cell | null;
  /** Rules that match nothing, and cells that are not whole. */
  readonly problems: readonly PlacedFileProblem[];
}

/** Null where the grids have more cells than a plan may have trials. */
export function expandCells(
  spec: ExperimentSpec,
  grids: readonly Grid[],
  resolver: Resolver,
  seeds: SeedCounts,
): ExpandedCells | null {
  const grown = growGrids(spec, grids, resolver);
  if (!grown) return null;
  const global = (spec.exclude ?? []).map((rule, index) => ({ rule, path: ['exclude', index] }));
  const excluded = applyExcludes(grown.kept, global, spec);
  const included = listIncludes(spec, grids, resolver, grown.kept);
  const candidates = [...excluded.drafts, ...included.drafts];
  const overrides = listOverrides(spec);
  const overridden = applyOverrides(candidates, overrides, spec, resolver);
  const members = mergeIdentical(overridden.drafts);

  const names = listColumns(spec, grids);
  const cells = members.map((drafts, index): Cell => {
    return { index, axes: showCell(drafts, names), params: drafts[0].params, data: drafts[0].data };
  });
  const baseline = grown.baseline && overridden.drafts[findSame(candidates, grown.baseline)];
  return {
    axes: names.map((name) => ({ name, values: valuesOf(name, grids, members) })),
    cells,
    members,
    baseline: cells.find((_, index) => baseline && members[index]!.includes(baseline)) ?? null,
    arithmetic: {
      grids: describeGrids(spec, grids),
      gridCells: grown.size,
      excluded: [...grown.effects, ...excluded.effects],
      included: included.drafts.length,
      identical: candidates.length - cells.length,
      overridden: countOverridden(overrides, members),
      cells: cells.length,
      fewestSeeds: seeds.fewest,
      seeds: seeds.most,
      trials: cells.length * seeds.most,
    },
    problems: [...grown.problems, ...excluded.problems, ...included.problems, ...overridden.problems],
  };
}

/** The place of a draft; where a rule left it out, of one that trains the same; −1 where there is none. */
function findSame(drafts: readonly ResolvedDraft[], wanted: ResolvedDraft): number {
  const index = drafts.indexOf(wanted);
  if (index !== -1) return index;
  return drafts.findIndex(({ content }) => content === wanted.content);
}

/** The cells of every grid without those that the grid's own rules leave out; null where they are too many. */
function growGrids(spec: ExperimentSpec, grids: readonly Grid[], resolver: Resolver) {
  const kept: ResolvedDraft[] = [];
  const effects: RuleEffect[] = [];
  const problems: PlacedFileProblem[] = [];
  let size = 0;
  let baseline: ResolvedDraft | null = null;
  for (const grid of grids) {
    const room = maximumCells - size;
    const expanded =
      spec.mode === 'oneAtATime'
        ? expandOneAtATime(grid, spec, resolver)
        : expandProduct(grid, resolver, room);
    if (!expanded || expanded.drafts.length > room) return null;
    const { drafts, held } = expanded;
    size += drafts.length;
    const resolved = drafts.map((draft) => resolver.resolve(draft));
    if (spec.mode === 'oneAtATime') baseline ??= resolved[0]!;
    for (const dimension of grid.dimensions)
      if (dimension.when && !held.has(dimension))
        problems.push(nothingMatches(dimension.when, resolved, spec));
    const own = applyExcludes(resolved, grid.exclude, spec);
    for (const draft of own.drafts) kept.push(draft);
    effects.push(...own.effects);
    problems.push(...own.problems);
  }
  return { kept, size, effects, baseline, problems };
}

/** The columns of every dimension, then parameters that only `include` names. */
function listColumns(spec: ExperimentSpec, grids: readonly Grid[]): string[] {
  const columns = new Set(grids.flatMap(({ dimensions }) => dimensions.flatMap((one) => one.columns)));
  for (const entry of spec.include ?? [])
    for (const { name } of flatten(entry, []))
      if (![...columns].some((column) => overlap(column, name))) columns.add(name);
  return [...columns];
}

/** The values of an axis as the file gives them, then those that only cells have. */
function valuesOf(name: string, grids: readonly Grid[], cells: readonly Members[]): AxisValue[] {
  const values = new Set<AxisValue>();
  for (const { dimensions } of grids)
    for (const { columns, rows } of dimensions)
      if (columns.includes(name)) for (const { shown } of rows) values.add(shown[name]!);
  for (const members of cells) for (const value of valuesShown(members, name)) values.add(value);
  return [...values];
}

/** Every grid with its dimensions, for the arithmetic. */
export function describeGrids(spec: ExperimentSpec, grids: readonly Grid[]): Arithmetic['grids'] {
  return grids.map(({ dimensions }) => ({
    mode: spec.mode ?? 'product',
    factors: dimensions.map(({ name, rows, when }) => ({
      name,
      count: rows.length,
      conditional: when !== null,
    })),
  }));
}

/** The arithmetic of a plan that is too large to be built. */
export function describeTooMany(
  spec: ExperimentSpec,
  grids: readonly Grid[],
  seeds: SeedCounts,
): { trials: number | null; arithmetic: Arithmetic } {
  const isCounted =
    spec.mode !== 'oneAtATime' && grids.every(({ dimensions }) => dimensions.every(({ when }) => !when));
  const cells = isCounted ? grids.reduce((sum, grid) => sum + productSize(grid), 0) : null;
  const trials = cells === null ? null : cells * seeds.most;
  return {
    trials,
    arithmetic: {
      grids: describeGrids(spec, grids),
      gridCells: cells,
      excluded: [],
      included: 0,
      identical: 0,
      overridden: [],
      cells: cells ?? 0,
      fewestSeeds: seeds.fewest,
      seeds: seeds.most,
      trials: trials ?? 0,
    },
  };
}
