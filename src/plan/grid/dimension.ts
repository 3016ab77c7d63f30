import type { PlacedFileProblem } from '../../diagnostics/file-problem.js';
import type {
  AxisEntry,
  ExperimentSpec,
  GridEntry,
  MatchEntry,
  ZipGroup,
} from '../../spec/experiment-spec.js';
import { describePath } from '../../spec/source/source-path.js';
import type { SourcePath } from '../../spec/source/source-tree.js';
import { flatten, isMapping, overlap, type Assignment } from './assignment.js';
import type { AxisValue } from '../plan.js';

/** One choice along a dimension. */
export interface Row {
  readonly assignments: readonly Assignment[];
  /** The row's values by column. */
  readonly shown: Readonly<Record<string, AxisValue>>;
}

/** A swept dimension: an axis of a matrix, a zip group, or the variants. */
export interface Dimension {
  readonly name: string;
  /** What it shows of a cell: its parameters, or `variant`. */
  readonly columns: readonly string[];
  /** The parameters that it gives. */
  readonly parameters: readonly string[];
  readonly rows: readonly Row[];
  /** It exists only in the cells that match. */
  readonly when: { readonly rule: MatchEntry; readonly path: SourcePath } | null;
}

/** Dimensions whose product is a set of cells; the first varies slowest. */
export interface Grid {
  readonly dimensions: readonly Dimension[];
  readonly exclude: readonly { readonly rule: MatchEntry; readonly path: SourcePath }[];
}

/** variants × matrix × zip groups, once for each grid of the matrix. */
export function listGrids(spec: ExperimentSpec): { grids: Grid[]; problems: PlacedFileProblem[] } {
  const variants = listVariants(spec.variants);
  const groups = listGroups(spec.zip, []);
  const entries: [GridEntry, SourcePath][] = Array.isArray(spec.matrix)
    ? spec.matrix.map((grid: GridEntry, index) => [grid, ['matrix', index]])
    : [[(spec.matrix ?? {}) as GridEntry, ['matrix']]];
  const grids = entries.map(([{ zip, exclude = [], ...axes }, path]) => {
    const own = Object.entries(axes).map(([name, axis]) => toAxis(name, axis as AxisEntry, [...path, name]));
    const all = [...variants, ...own, ...listGroups(zip, path), ...groups];
    const { sorted, problems } = sortByConditions(all, spec);
    const rules = exclude.map((rule, index) => ({ rule, path: [...path, 'exclude', index] }));
    return { grid: { dimensions: sorted, exclude: rules }, problems };
  });
  return { grids: grids.map(({ grid }) => grid), problems: grids.flatMap(({ problems }) => problems) };
}

function listVariants(variants: ExperimentSpec['variants']): Dimension[] {
  if (!variants) return [];
  const rows = Object.entries(variants).map(([variant, patch]) => ({
    assignments: flatten(patch, ['variants', variant]),
    shown: { variant },
  }));
  const parameters = [
    ...new Set(rows.flatMap(({ assignments }) => assignments.map((assignment) => assignment.name))),
  ];
  return [{ name: 'variant', columns: ['variant'], parameters, rows, when: null }];
}

function toAxis(name: string, entry: AxisEntry, path: SourcePath): Dimension {
  const isList = isValueList(entry);
  const values = isList ? entry : entry.values;
  const valuesPath = isList ? path : [...path, 'values'];
  const rule = isList ? undefined : entry.when;
  return {
    name,
    columns: [name],
    parameters: [name],
    rows: values.map((value, index) => ({
      assignments: assign(name, value, [...valuesPath, index]),
      shown: { [name]: toAxisValue(value) },
    })),
    when: rule ? { rule, path: [...path, 'when'] } : null,
  };
}

const isValueList = (entry: AxisEntry): entry is readonly unknown[] => Array.isArray(entry);

function listGroups(zip: Readonly<Record<string, ZipGroup>> | undefined, path: SourcePath): Dimension[] {
  return Object.entries(zip ?? {}).map(([name, group]) => {
    const columns = Object.entries(group);
    const rows = (columns[0]?.[1] ?? []).map((_, index) => ({
      assignments: columns.flatMap(([column, values]) =>
        assign(column, values[index], [...path, 'zip', name, column, index]),
      ),
      shown: Object.fromEntries(columns.map(([column, values]) => [column, toAxisValue(values[index])])),
    }));
    const names = columns.map(([column]) => column);
    return { name, columns: names, parameters: names, rows, when: null };
  });
}

/** A mapping as a value is laid over the parameter's own, field by field. */
function assign(name: string, value: unknown, path: SourcePath): Assignment[] {
  return isMapping(value) ? flatten(value, path, `${name}.`) : [{ name, value, path }];
}

/** For people and tables: a mapping is shown as its JSON. */
export const toAxisValue = (value: unknown): AxisValue =>
  typeof value === 'object' ? JSON.stringify(value) : (value as AxisValue);

/** Each axis behind those that its condition looks at, otherwise in the order of the file. */
function sortByConditions(
  dimensions: readonly Dimension[],
  spec: ExperimentSpec,
): { sorted: readonly Dimension[]; problems: readonly PlacedFileProblem[] } {
  const problems: PlacedFileProblem[] = [];
  const needs = (dimension: Dimension): Dimension[] => {
    if (!dimension.when) return [];
    const names = flatten(dimension.when.rule, []).map(({ name }) => name);
    return dimensions.filter(({ parameters, columns }) =>
      [...parameters, ...columns].some((given) => names.some((name) => overlap(given, name))),
    );
  };
  const sorted: Dimension[] = [];
  const visit = (dimension: Dimension, chain: readonly Dimension[]): void => {
    if (sorted.includes(dimension)) return;
    const start = chain.indexOf(dimension);
    if (start !== -1) {
      problems.push({
        kind: 'file',
        reason: 'condition-cycle',
        place: spec.keyPlaceOf(dimension.when!.path),
        chain: [...chain.slice(start), dimension].map(({ name }) => name),
      });
      return;
    }
    for (const needed of needs(dimension)) visit(needed, [...chain, dimension]);
    if (!sorted.includes(dimension)) sorted.push(dimension);
  };
  // Free axes stay in the order of the file: an axis waits for others, and never draws them forward.
  for (const dimension of dimensions) if (!dimension.when) sorted.push(dimension);
  for (const dimension of dimensions) visit(dimension, []);
  return { sorted, problems };
}

/** `exclude[0]`, `matrix[1].exclude[0]`. */
export const nameOfRule = (path: SourcePath): string => describePath(path);
