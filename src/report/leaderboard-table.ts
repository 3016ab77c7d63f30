import type { Plan } from '../plan/trial.js';
import type { TrialOutcome } from '../run/outcome.js';
import { rankCells } from './leaderboard.js';

/** The leaderboard for a terminal: fixed columns, fractions with four decimals. */
export function describeLeaderboard(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): string {
  const digits = (value: number | null) => (value === null ? '–' : value.toFixed(4));
  const header = [
    'rank',
    ...plan.axes.map(({ name }) => name),
    'n',
    plan.metric.name,
    'sd',
    '95 % interval',
    'note',
  ];
  const rows = rankCells(plan, outcomes).map((row) => [
    row.rank === null ? '–' : String(row.rank),
    ...plan.axes.map(({ name }) => String(row.cell.axes[name] ?? '')),
    String(row.n),
    digits(row.mean),
    digits(row.sd),
    row.interval === null ? '–' : `${digits(row.interval[0])} to ${digits(row.interval[1])}`,
    noteOf(row),
  ]);
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)));
  return table
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function noteOf(row: ReturnType<typeof rankCells>[number]): string {
  const notes: string[] = [];
  if (row.diverged > 0) notes.push(`${row.diverged} diverged`);
  if (row.missingSeeds.length > row.diverged) notes.push(`${row.missingSeeds.length - row.diverged} missing`);
  if (row.rank !== null && row.rank > 1 && row.tiedWithTop === true) notes.push('tied with the top');
  return notes.join(', ');
}
