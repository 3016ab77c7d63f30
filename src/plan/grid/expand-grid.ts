import type { ExperimentSpec } from '../../spec/experiment-spec.js';
import { flatten, overlap } from './assignment.js';
import type { Dimension, Grid, Row } from './dimension.js';
import type { Draft, Resolver } from './draft.js';
import { matches } from './match.js';

/** More cells than this are never built: the plan could not have as many trials either. */
export const maximumCells = 100_000;

/** The cells of one grid before its rules. */
export interface GridCells {
  readonly drafts: readonly Draft[];
  /** The conditional axes that exist in at least one cell. */
  readonly held: ReadonlySet<Dimension>;
}

/** Every combination; null where there are more than `room`, which is known before they are built. */
export function expandProduct(grid: Grid, resolver: Resolver, room: number): GridCells | null {
  const held = new Set<Dimension>();
  let drafts: Draft[] = [{ rows: [], absent: [] }];
  for (const dimension of grid.dimensions) {
    const exists = existenceOf(dimension, resolver);
    const present = dimension.when ? drafts.map(exists) : null;
    const count = present ? present.filter(Boolean).length : drafts.length;
    if (drafts.length - count + count * dimension.rows.length > room) return null;
    if (present?.includes(true)) held.add(dimension);
    drafts = drafts.flatMap((draft, index): Draft[] =>
      present?.[index] === false
        ? [{ rows: draft.rows, absent: [...draft.absent, ...dimension.columns] }]
        : dimension.rows.map((row) => ({ rows: [...draft.rows, row], absent: draft.absent })),
    );
  }
  return { drafts, held };
}

/** The baseline, then each dimension's rows alone from it. The baseline comes first. */
export function expandOneAtATime(grid: Grid, spec: ExperimentSpec, resolver: Resolver): GridCells {
  const held = new Set<Dimension>();
  const named = flatten(spec.compare?.baseline ?? {}, ['compare', 'baseline']);
  const fixed = grid.dimensions.map((dimension): Row | null => {
    const own = named.filter(({ name }) => isOf(dimension, name));
    if (own.length === 0) return null;
    const fits = ({ shown, assignments }: Row) =>
      own.every(({ name, value }) =>
        Object.hasOwn(shown, name)
          ? shown[name] === value
          : assignments.some((assignment) => assignment.name === name && assignment.value === value),
      );
    // A baseline may lie beside the axis: a value that is not in its list.
    return dimension.rows.find(fits) ?? { assignments: own, shown: {} };
  });
  const free = named.filter(({ name }) => !grid.dimensions.some((dimension) => isOf(dimension, name)));
  const draftOf = (chosen: readonly (Row | null)[]): Draft => {
    const draft: Draft = {
      rows: [{ assignments: free, shown: {} }, ...chosen.filter((row) => row !== null)],
      absent: [],
    };
    const missing = grid.dimensions.filter((dimension) => !existenceOf(dimension, resolver)(draft));
    return { rows: draft.rows, absent: missing.flatMap(({ columns }) => columns) };
  };
  const baseline = draftOf(fixed);
  const others = grid.dimensions.flatMap((dimension, position) => {
    if (dimension.when && !existenceOf(dimension, resolver)(baseline)) return [];
    if (dimension.when) held.add(dimension);
    return dimension.rows.map((row) => draftOf(fixed.with(position, row)));
  });
  return { drafts: [baseline, ...others], held };
}

const isOf = ({ parameters, columns }: Dimension, name: string): boolean =>
  columns.includes(name) || parameters.some((parameter) => overlap(parameter, name));

function existenceOf({ when }: Dimension, resolver: Resolver): (draft: Draft) => boolean {
  return (draft) => when === null || matches(when.rule, resolver.resolve(draft).values);
}

/** The most cells that a product can have, as if every conditional axis existed everywhere. */
export function productSize(grid: Grid): number {
  return grid.dimensions.reduce((product, { rows }) => product * rows.length, 1);
}
