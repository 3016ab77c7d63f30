import type { PlacedFileProblem } from '../../diagnostics/file-problem.js';
import type { ExperimentSpec } from '../../spec/experiment-spec.js';
import {
  applyExcludes,
  applyOverrides,
  dropIdentical,
  listIncludes,
  nothingMatches,
  type RuleEffect,
} from './apply-rules.js';
import { flatten, overlap } from './assignment.js';
import type { Dimension, Grid } from './dimension.js';
import { shownIn, type Draft, type Resolver, type ResolvedDraft } from './draft.js';
import { expandOneAtATime, expandProduct, maximumCells, productSize } from './expand-grid.js';
import type { Arithmetic, AxisValue, Cell, Plan } from '../plan.js';

export interface ExpandedCells {
  readonly axes: Plan['axes'];
  readonly cells: readonly Cell[];
  /** What each cell was made of, by its index. */
  readonly drafts: readonly ResolvedDraft[];
  readonly arithmetic: Arithmetic;
  /** Where every axis is swept alone: what the others are compared with. Null where it was left out. */
  readonly baseline: Cell | null;
}

/** Null where the grids have more cells than a plan may have trials. */
export function expandCells(
  spec: ExperimentSpec,
  grids: readonly Grid[],
  resolver: Resolver,
  seeds: number,
  problems: PlacedFileProblem[],
): ExpandedCells | null {
  const grown = growGrids(spec, grids, resolver, problems);
  if (!grown) return null;
  const { all, effects, baseline } = grown;
  const global = (spec.exclude ?? []).map((rule, index) => ({ rule, path: ['exclude', index] }));
  const excluded = applyExcludes(all.kept, global, spec, problems);
  const included = listIncludes(spec, grids, resolver, all.kept, problems);
  const candidates = [...excluded.drafts, ...included];
  const distinct = dropIdentical(candidates);
  const { drafts, effects: overridden } = applyOverrides(distinct, spec, resolver, problems);

  const names = listColumns(spec, grids);
  const cells = drafts.map((draft, index): Cell => {
    const shown: Record<string, AxisValue> = {};
    for (const name of names) {
      const value = shownIn(draft, name);
      if (value !== undefined) shown[name] = value;
    }
    return { index, axes: shown, params: draft.params };
  });
  const content = baseline && JSON.stringify(resolver.resolve(baseline).params);
  const position =
    content === null ? -1 : distinct.findIndex(({ params }) => JSON.stringify(params) === content);
  return {
    axes: names.map((name) => ({ name, values: valuesOf(name, grids, cells) })),
    cells,
    drafts,
    baseline: cells[position] ?? null,
    arithmetic: {
      grids: describeGrids(spec, grids),
      gridCells: all.grown,
      excluded: [...effects, ...excluded.effects],
      included: included.length,
      identical: candidates.length - distinct.length,
      overridden,
      cells: cells.length,
      seeds,
      trials: cells.length * seeds,
    },
  };
}

/** The cells of every grid without those that the grid's own rules leave out. */
function growGrids(
  spec: ExperimentSpec,
  grids: readonly Grid[],
  resolver: Resolver,
  problems: PlacedFileProblem[],
): {
  all: { grown: number; kept: ResolvedDraft[] };
  effects: RuleEffect[];
  baseline: Draft | null;
} | null {
  const kept: ResolvedDraft[] = [];
  const effects: RuleEffect[] = [];
  let grown = 0;
  let baseline: Draft | null = null;
  for (const grid of grids) {
    const held = new Set<Dimension>();
    const room = maximumCells - grown;
    const drafts =
      spec.mode === 'oneAtATime'
        ? expandOneAtATime(grid, spec, resolver, held)
        : expandProduct(grid, resolver, room, held);
    if (!drafts || drafts.length > room) return null;
    if (spec.mode === 'oneAtATime') baseline ??= drafts[0]!;
    grown += drafts.length;
    const resolved = drafts.map((draft) => resolver.resolve(draft));
    for (const dimension of grid.dimensions)
      if (dimension.when && !held.has(dimension))
        problems.push(nothingMatches(dimension.when, resolved, spec));
    const own = applyExcludes(resolved, grid.exclude, spec, problems);
    for (const draft of own.drafts) kept.push(draft);
    effects.push(...own.effects);
  }
  return { all: { grown, kept }, effects, baseline };
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
function valuesOf(name: string, grids: readonly Grid[], cells: readonly Cell[]): AxisValue[] {
  const values = new Set<AxisValue>();
  for (const { dimensions } of grids)
    for (const { columns, rows } of dimensions)
      if (columns.includes(name)) for (const { shown } of rows) values.add(shown[name]!);
  for (const { axes } of cells) if (axes[name] !== undefined) values.add(axes[name]);
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
  seeds: number,
): { trials: number | null; arithmetic: Arithmetic } {
  const isCounted =
    spec.mode !== 'oneAtATime' && grids.every(({ dimensions }) => dimensions.every(({ when }) => !when));
  const cells = isCounted ? grids.reduce((sum, grid) => sum + productSize(grid), 0) : null;
  const trials = cells === null ? null : cells * seeds;
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
      seeds,
      trials: trials ?? 0,
    },
  };
}
