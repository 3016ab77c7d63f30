import type { AxisValue, Cell } from '../plan.js';
import { valueAt } from './assignment.js';
import { shownIn, type ResolvedDraft } from './draft.js';

/** The drafts of one cell: they train the same thing, each under names of its own. */
export type Members = readonly [ResolvedDraft, ...ResolvedDraft[]];

/** Groups the drafts that train the same thing, each group at the place of its first. */
export function mergeIdentical(drafts: readonly ResolvedDraft[]): Members[] {
  const groups = new Map<string, [ResolvedDraft, ...ResolvedDraft[]]>();
  for (const draft of drafts) {
    const group = groups.get(draft.content);
    if (group) group.push(draft);
    else groups.set(draft.content, [draft]);
  }
  return [...groups.values()];
}

/**
 * What the columns show of a cell: of a set or a variant all the names that it has, `flip, mirror`. A column that
 * exists for none of its drafts is left out, and so is a setting that the cell does not have: the momentum of Adam.
 */
export function showCell(members: Members, columns: readonly string[]): Cell['axes'] {
  const axes: Record<string, AxisValue> = {};
  for (const column of columns) {
    if (valueAt(members[0].values, column) === undefined && column !== 'variant') continue;
    const shown = valuesShown(members, column);
    if (shown.length > 0) axes[column] = shown.length === 1 ? shown[0]! : shown.join(', ');
  }
  return axes;
}

/** The values that a column has in the drafts of a cell, each once. */
export function valuesShown(members: Members, column: string): AxisValue[] {
  const values = new Set(members.map((draft) => shownIn(draft, column)));
  values.delete(undefined);
  return [...values] as AxisValue[];
}
