import type { TrialState, TrialStates } from '../../plan/trial-state.js';
import type { Cell, Plan } from '../../plan/plan.js';
import { axisColumns } from './axis-columns.js';
import { toCsv, type Column } from './to-csv.js';

interface CellRow {
  readonly cell: Cell;
  readonly states: readonly TrialState[];
}

const countColumn = (state: TrialState): Column<CellRow> => ({
  name: state.replaceAll('-', '_'),
  value: ({ states }) => states.filter((own) => own === state).length,
});

/** One row per cell of the plan: its axes, its seeds, and how many of its trials are in each state. */
export function cellsCsv(plan: Plan, states: TrialStates): string {
  const statesOfCell = plan.cells.map((): TrialState[] => []);
  for (const { id, cellIndex } of plan.trials) statesOfCell[cellIndex]!.push(states.get(id) ?? 'new');
  const columns: Column<CellRow>[] = [
    { name: 'cell', value: ({ cell }) => cell.index + 1 },
    ...axisColumns(plan, ({ cell }: CellRow) => cell),
    { name: 'seeds', value: ({ states }) => states.length },
    countColumn('done'),
    countColumn('new'),
    countColumn('retryable'),
    countColumn('failed'),
    ...(plan.untilDecided ? [countColumn('if-undecided'), countColumn('not-needed')] : []),
  ];
  return toCsv(
    columns,
    plan.cells.map((cell, index) => ({ cell, states: statesOfCell[index]! })),
  );
}
