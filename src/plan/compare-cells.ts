import type { PlacedFileProblem } from '../diagnostics/file-problem.js';
import type { ExperimentSpec, MatchEntry } from '../spec/experiment-spec.js';
import type { SourcePath } from '../spec/source/source-tree.js';
import { flatten, overlap } from './grid/assignment.js';
import type { Grid } from './grid/dimension.js';
import { shownIn, type ResolvedDraft } from './grid/draft.js';
import { nothingMatches } from './grid/apply-rules.js';
import { matches } from './grid/match.js';
import type { Members } from './grid/merge-identical.js';
import type { Cell, Comparison } from './plan.js';

/** What a comparison is made of: the cells of a plan, each with the drafts that it came from. */
export interface ComparedCells {
  readonly spec: ExperimentSpec;
  readonly grids: readonly Grid[];
  readonly columns: readonly string[];
  readonly cells: readonly Cell[];
  readonly members: readonly Members[];
}

/** A cell and its baseline, by the drafts of the two that match. */
export interface Pair {
  readonly cell: Cell;
  readonly baseline: Cell;
  readonly own: ResolvedDraft;
  readonly other: ResolvedDraft;
}

/** One of the drafts that a cell is made of. */
interface Member {
  readonly cell: Cell;
  readonly draft: ResolvedDraft;
}

/**
 * Matches each cell with its baseline: the cell with the baseline's values that equals it on all other axes. An
 * axis that does not exist in one of the two tells nothing. A cell without a baseline is in no comparison; one with
 * several names is looked for, and looks for its baseline, under each of them.
 */
export function matchBaselines(compared: ComparedCells): {
  pairs: readonly Pair[];
  problems: readonly PlacedFileProblem[];
} {
  const { spec, columns, cells, members } = compared;
  const rule = spec.compare!.baseline!;
  const path = ['compare', 'baseline'];
  const { others, problems } = checkSwept(rule, path, compared);
  const all = cells.flatMap((cell) => members[cell.index]!.map((draft): Member => ({ cell, draft })));
  const [baselines, compares] = partition(all, ({ draft }) => matches(rule, draft.values));
  if (baselines.length === 0)
    return { pairs: [], problems: [...problems, nothingMatches({ rule, path }, members.flat(), spec)] };
  const find = indexBaselines(baselines, others);
  const pairs = new Map<string, Pair>();
  for (const { cell, draft } of compares) {
    const found = new Map(find(draft).map((baseline) => [baseline.cell, baseline.draft]));
    found.delete(cell); // two names of one cell
    for (const [baseline, other] of found) {
      const key = `${cell.index} ${baseline.index}`;
      if (!pairs.has(key)) pairs.set(key, { cell, baseline, own: draft, other });
    }
    if (found.size < 2) continue;
    const candidates = [...found.keys()];
    const ambiguous: PlacedFileProblem = {
      kind: 'file',
      reason: 'ambiguous-baseline',
      place: spec.keyPlaceOf(path),
      cell: describeCell(cell),
      candidates: candidates.map(describeCell),
      undecided: columns.filter((column) =>
        candidates.some(({ axes }) => axes[column] !== candidates[0]!.axes[column]),
      ),
    };
    return { pairs: [...pairs.values()], problems: [...problems, ambiguous] }; // the others of its kind follow from it
  }
  if (pairs.size > 0 || problems.length > 0) return { pairs: [...pairs.values()], problems };
  return { pairs: [], problems: [nothingCompared(baselines, compares, others, spec)] };
}

/** Matches every cell but the baseline with it: where one axis at a time is swept. */
export function matchAblation(
  { spec, cells, members }: ComparedCells,
  baseline: Cell | null,
): {
  pairs: readonly Pair[];
  problems: readonly PlacedFileProblem[];
} {
  const toMember = (cell: Cell): Member => ({ cell, draft: members[cell.index]![0] });
  const others = cells.filter((cell) => cell !== baseline).map(toMember);
  if (baseline && (others.length > 0 || !spec.compare?.baseline)) {
    const { draft: other } = toMember(baseline);
    return { pairs: others.map(({ cell, draft: own }) => ({ cell, baseline, own, other })), problems: [] };
  }
  return { pairs: [], problems: [nothingCompared(baseline ? [toMember(baseline)] : [], others, [], spec)] };
}

/** A comparison in which no cell has a baseline, with the cells that there are. */
function nothingCompared(
  baselines: readonly Member[],
  others: readonly Member[],
  shared: readonly string[],
  spec: ExperimentSpec,
): PlacedFileProblem {
  const shown = (list: readonly Member[]) => [...new Set(list.map(({ cell }) => describeCell(cell)))];
  const place = spec.keyPlaceOf(pathOfComparison(spec));
  const found = { baselines: shown(baselines), others: shown(others), shared };
  return { kind: 'file', reason: 'nothing-compared', place, ...found };
}

/** The columns that the baseline's rule says nothing of, and its names that nothing sweeps. */
function checkSwept(rule: MatchEntry, path: SourcePath, { spec, grids, columns }: ComparedCells) {
  const covered = new Set<string>();
  const problems: PlacedFileProblem[] = [];
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
  return { others: columns.filter((column) => !covered.has(column)), problems };
}

/** Finds a draft's baselines by one look-up for each set of axes that baselines have. */
function indexBaselines(
  baselines: readonly Member[],
  others: readonly string[],
): (draft: ResolvedDraft) => readonly Member[] {
  const existing = (draft: ResolvedDraft) => others.filter((column) => shownIn(draft, column) !== undefined);
  const groups = new Map<string, { columns: readonly string[]; members: Member[] }>();
  for (const member of baselines) {
    const columns = existing(member.draft);
    const group = groups.get(columns.join('\n'));
    if (group) group.members.push(member);
    else groups.set(columns.join('\n'), { columns, members: [member] });
  }
  const keyOf = (draft: ResolvedDraft, columns: readonly string[]) =>
    JSON.stringify(columns.map((column) => shownIn(draft, column)));
  const indices = new Map<string, Map<string, Member[]>>();
  return (draft) =>
    [...groups].flatMap(([name, { columns, members }]) => {
      const common = columns.filter((column) => shownIn(draft, column) !== undefined);
      const indexName = JSON.stringify([name, common]);
      let index = indices.get(indexName);
      if (!index) {
        index = new Map<string, Member[]>();
        indices.set(indexName, index);
        for (const baseline of members) {
          const key = keyOf(baseline.draft, common);
          const same = index.get(key);
          if (same) same.push(baseline);
          else index.set(key, [baseline]);
        }
      }
      return index.get(keyOf(draft, common)) ?? [];
    });
}

/** What asks for the comparison. */
export const pathOfComparison = (spec: ExperimentSpec): SourcePath =>
  spec.compare?.baseline ? ['compare', 'baseline'] : ['mode'];

/** With the columns in which the two differ: `augmentation`. */
export function toComparisons(pairs: readonly Pair[], columns: readonly string[]): Comparison[] {
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

function partition<Item>(items: readonly Item[], holds: (item: Item) => boolean): [Item[], Item[]] {
  const [yes, no]: [Item[], Item[]] = [[], []];
  for (const item of items) (holds(item) ? yes : no).push(item);
  return [yes, no];
}
