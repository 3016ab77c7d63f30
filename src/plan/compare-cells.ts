import type { PlacedFileProblem } from '../diagnostics/file-problem.js';
import type { ExperimentSpec } from '../spec/experiment-spec.js';
import { flatten, overlap } from './grid/assignment.js';
import type { Grid } from './grid/dimension.js';
import type { ResolvedDraft, Resolver } from './grid/draft.js';
import { nothingMatches } from './grid/apply-rules.js';
import { matches } from './grid/match.js';
import type { Cell, Comparison } from './plan.js';

/** What a comparison is made of: the cells of a plan, each with the draft that it came from. */
export interface ComparedCells {
  readonly spec: ExperimentSpec;
  readonly grids: readonly Grid[];
  readonly columns: readonly string[];
  readonly cells: readonly Cell[];
  readonly drafts: readonly ResolvedDraft[];
  readonly resolver: Resolver;
}

/**
 * Matches each cell with its baseline: the cell with the baseline's values that equals it on all other axes. An
 * axis that does not exist in one of the two tells nothing. A cell without a baseline is in no comparison.
 */
export function matchBaselines(
  compared: ComparedCells,
  problems: PlacedFileProblem[],
): { cell: Cell; baseline: Cell }[] {
  const { spec, grids, columns, cells, drafts } = compared;
  const rule = spec.compare!.baseline;
  const path = ['compare', 'baseline'];
  const covered = new Set<string>();
  for (const { name, path: at } of flatten(rule, path)) {
    const owners = grids.flatMap(({ dimensions }) =>
      dimensions.filter(({ parameters, columns: own }) =>
        [...parameters, ...own].some((given) => overlap(given, name)),
      ),
    );
    const own = [
      ...owners.flatMap((owner) => owner.columns),
      ...columns.filter((column) => overlap(column, name)),
    ];
    for (const column of own) covered.add(column);
    if (own.length === 0) {
      const place = spec.keyPlaceOf(at);
      problems.push({ kind: 'file', reason: 'baseline-not-swept', place, name, axes: columns });
    }
  }
  const isBaseline = drafts.map(({ values }) => matches(rule, values));
  const baselines = cells.filter(({ index }) => isBaseline[index]);
  if (baselines.length === 0) {
    problems.push(nothingMatches({ rule, path }, drafts, spec));
    return [];
  }
  const others = columns.filter((column) => !covered.has(column));
  const find = indexBaselines(baselines, others);
  const pairs: { cell: Cell; baseline: Cell }[] = [];
  for (const cell of cells) {
    if (isBaseline[cell.index]) continue;
    const found = find(cell);
    if (found.length === 1) pairs.push({ cell, baseline: found[0]! });
    if (found.length < 2) continue;
    problems.push({
      kind: 'file',
      reason: 'ambiguous-baseline',
      place: spec.keyPlaceOf(path),
      cell: describeCell(cell),
      candidates: found.map(describeCell),
      undecided: columns.filter((column) =>
        found.some(({ axes }) => axes[column] !== found[0]!.axes[column]),
      ),
    });
    return pairs; // the others of its kind follow from it
  }
  return pairs;
}

/** Finds a cell's baselines by one look-up for each set of axes that baselines have. */
function indexBaselines(
  baselines: readonly Cell[],
  others: readonly string[],
): (cell: Cell) => readonly Cell[] {
  const existing = ({ axes }: Cell) => others.filter((column) => axes[column] !== undefined);
  const groups = new Map<string, { columns: readonly string[]; cells: Cell[] }>();
  for (const cell of baselines) {
    const columns = existing(cell);
    const group = groups.get(columns.join('\n'));
    if (group) group.cells.push(cell);
    else groups.set(columns.join('\n'), { columns, cells: [cell] });
  }
  const keyOf = ({ axes }: Cell, columns: readonly string[]) =>
    JSON.stringify(columns.map((column) => axes[column]));
  const indices = new Map<string, Map<string, Cell[]>>();
  return (cell) =>
    [...groups].flatMap(([name, { columns, cells }]) => {
      const common = columns.filter((column) => cell.axes[column] !== undefined);
      const indexName = JSON.stringify([name, common]);
      let index = indices.get(indexName);
      if (!index) {
        index = new Map<string, Cell[]>();
        indices.set(indexName, index);
        for (const baseline of cells) {
          const key = keyOf(baseline, common);
          const same = index.get(key);
          if (same) same.push(baseline);
          else index.set(key, [baseline]);
        }
      }
      return index.get(keyOf(cell, common)) ?? [];
    });
}

/** The guard against drift: compared cells differ in what `vary` lists and in nothing else. */
export function checkDrift(
  pairs: readonly { cell: Cell; baseline: Cell }[],
  { spec, drafts, resolver }: ComparedCells,
  problems: PlacedFileProblem[],
): void {
  const vary = spec.compare?.vary;
  if (!vary) return;
  const told = new Set<string>();
  for (const { cell, baseline } of pairs) {
    const [own, other] = [cell, baseline].map(({ index }) => parametersOf(drafts[index]!)) as [
      ReadonlyMap<string, string>,
      ReadonlyMap<string, string>,
    ];
    for (const name of new Set([...own.keys(), ...other.keys()])) {
      const [value = 'nothing', baselineValue = 'nothing'] = [own.get(name), other.get(name)];
      if (value === baselineValue || vary.some((listed) => name === listed || name.startsWith(`${listed}.`)))
        continue;
      // Where this cell has the default, the file gives the baseline's value. Where both have defaults, those follow
      // from another setting of the same owner: the learning rate from the optimiser's name.
      const paths = [name, name.split('.')[0]!].flatMap((given) =>
        [cell, baseline].map(({ index }) => resolver.pathOf(drafts[index]!, given)),
      );
      const path = paths.find((at) => at[0] !== 'params') ?? paths[0]!;
      const cause = JSON.stringify([name, path]);
      if (told.has(cause)) continue;
      told.add(cause);
      problems.push({
        kind: 'file',
        reason: 'drift',
        place: spec.placeOf(path),
        name,
        cell: describeCell(cell),
        value,
        baselineValue,
        vary,
      });
    }
  }
}

/** Every resolved parameter by its dotted name, as text; an augmentation set by its content. */
function parametersOf({ params, values }: ResolvedDraft): ReadonlyMap<string, string> {
  return new Map(
    flatten(params, []).map(({ name, value }) => [
      name,
      name === 'augmentation' ? `${String(values.augmentation)} ${JSON.stringify(value)}` : String(value),
    ]),
  );
}

/** With the columns in which the two differ: `augmentation`. */
export function toComparisons(
  pairs: readonly { cell: Cell; baseline: Cell }[],
  columns: readonly string[],
): Comparison[] {
  return pairs.map(({ cell, baseline }) => ({
    cell: cell.index,
    baseline: baseline.index,
    differs: columns.filter((column) => cell.axes[column] !== baseline.axes[column]),
  }));
}

/** `augmentation=flip resolution=56`. */
export function describeCell({ axes }: Pick<Cell, 'axes'>): string {
  return Object.entries(axes)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
