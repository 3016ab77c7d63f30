import { count } from '../../diagnostics/count.js';
import type { MetricName, Plan } from '../../plan/plan.js';
import type { Report } from '../analyse.js';
import type { LeaderboardRow } from '../statistics/leaderboard.js';
import { isHeldOut } from '../statistics/trial-results.js';
import { alignColumns } from './align-columns.js';
import { wrapWords } from './wrap-words.js';

type Field = 'rank' | 'axes' | 'n' | 'mean' | 'sd' | 'interval' | 'test' | 'note';

interface Layout {
  readonly columns: readonly Field[];
  /** On lines of their own below each row. */
  readonly below: readonly Field[];
}

/** From the widest: what tells least goes first, then moves below its row; leaderboard.csv has it all. */
const layouts: readonly Layout[] = [
  { columns: ['rank', 'axes', 'n', 'mean', 'sd', 'interval', 'test', 'note'], below: [] },
  { columns: ['rank', 'axes', 'n', 'mean', 'interval', 'test', 'note'], below: [] },
  { columns: ['rank', 'axes', 'mean', 'interval', 'test', 'note'], below: [] },
  { columns: ['rank', 'axes', 'mean', 'interval', 'test'], below: ['note'] },
  { columns: ['rank', 'axes', 'mean', 'test'], below: ['interval', 'note'] },
  { columns: ['rank', 'axes', 'mean'], below: ['interval', 'test', 'note'] },
  { columns: ['rank', 'mean'], below: ['axes', 'interval', 'test', 'note'] },
];

/**
 * The leaderboard for a terminal: fractions with four decimals, in the first layout that fits `width` characters.
 * No line is longer from 17 characters on. Without a newline at the end.
 */
export function describeLeaderboard({ plan, leaderboard: rows }: Report, width = Infinity): string {
  const tableOf = (columns: readonly Field[]) =>
    alignColumns([
      columns.flatMap((field) => titlesOf(field, plan)),
      ...rows.map((row) => columns.flatMap((field) => textsOf(field, row, plan))),
    ]);
  const fits = ({ columns }: Layout) => tableOf(columns).every((line) => line.length <= width);
  const { columns, below } = layouts.find(fits) ?? layouts.at(-1)!;
  const [titles, ...lines] = tableOf(columns);
  const indent = 'rank  '.length;
  const blocks = rows.map((row, index) => {
    const texts = below.map((field) => describeBelow(field, row, plan)).filter((text) => text !== '');
    const rest = texts.length === 0 ? [] : wrapWords(texts.join(' · '), width, [indent, indent]);
    return [lines[index]!, ...rest];
  });
  return [
    titles!,
    ...blocks.flat(),
    ...describeRanking(rows).flatMap((line) => wrapWords(line, width, [0, 2])),
  ].join('\n');
}

/** The same as titles and texts, with the sentences that stand below. */
export function leaderboardFields({ plan, leaderboard: rows }: Report): {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
} {
  const { columns } = layouts[0]!;
  return {
    titles: columns.flatMap((field) => titlesOf(field, plan)),
    rows: rows.map((row) => columns.flatMap((field) => textsOf(field, row, plan))),
    notes: describeRanking(rows),
  };
}

/** Where cells have unequal numbers of seeds, what they are ranked by. */
function describeRanking(rows: readonly LeaderboardRow[]): string[] {
  const seeds = rows[0]!.rankedSeeds;
  if (rows.every(({ n, missingSeeds }) => n + missingSeeds.length === seeds)) return [];
  return [
    `ranked by the mean over the first ${count(seeds, 'seed')}, which all cells need; the figures are of all their seeds`,
  ];
}

function titlesOf(field: Field, plan: Plan): string[] {
  switch (field) {
    case 'axes':
      return plan.axes.map(({ name }) => name);
    case 'mean':
      return [plan.metric.name];
    case 'interval':
      return ['95 % interval'];
    case 'test':
      return isHeldOut(plan) ? [testTitle(plan)] : [];
    case 'rank':
    case 'n':
    case 'sd':
    case 'note':
      return [field];
  }
}

function textsOf(field: Field, row: LeaderboardRow, plan: Plan): string[] {
  switch (field) {
    case 'rank':
      return [row.rank === null ? '–' : String(row.rank)];
    case 'axes':
      return plan.axes.map(({ name }) => String(row.cell.axes[name] ?? ''));
    case 'n':
      return [String(row.n)];
    case 'mean':
      return [digits(row.mean)];
    case 'sd':
      return [digits(row.sd)];
    case 'interval':
      return [row.interval === null ? '–' : row.interval.map(digits).join(' to ')];
    case 'test':
      return isHeldOut(plan) ? [digits(row.test?.mean ?? null)] : [];
    case 'note':
      return [noteOf(row, plan)];
  }
}

/** A field on a line of its own, where no title says what it is. */
function describeBelow(field: Field, row: LeaderboardRow, plan: Plan): string {
  switch (field) {
    case 'axes':
      return plan.axes
        .filter(({ name }) => row.cell.axes[name] !== undefined)
        .map(({ name }) => `${name}=${row.cell.axes[name]}`)
        .join(' ');
    case 'interval':
      return row.interval === null ? '' : row.interval.map(digits).join(' to ');
    case 'test':
      return row.test === null ? '' : `${testTitle(plan)} ${digits(row.test.mean)}`;
    case 'rank':
    case 'n':
    case 'mean':
    case 'sd':
    case 'note':
      return textsOf(field, row, plan).join(' ');
  }
}

/** Of a metric on the test images. */
const testTitles = {
  valAccuracy: 'test accuracy',
  valLoss: 'test loss',
  valBalancedAccuracy: 'test balanced accuracy',
  valMacroF1: 'test macro F1',
  valTop5: 'test top 5',
} as const satisfies Record<MetricName, string>;

const testTitle = ({ metric }: Plan) => testTitles[metric.name];

const digits = (value: number | null) => (value === null ? '–' : value.toFixed(4));

function noteOf(row: LeaderboardRow, plan: Plan): string {
  const notes: string[] = [];
  if (row.diverged > 0) notes.push(`${row.diverged} diverged`);
  if (row.missingSeeds.length > row.diverged) notes.push(`${row.missingSeeds.length - row.diverged} missing`);
  if (row.rank !== null && row.rank > 1 && row.tiedWithTop === true) notes.push('tied with the top');
  if (row.untested > 0) notes.push(`${row.untested} without a test value`);
  const scale = leftScale(row, plan);
  if (scale !== null) notes.push(`${count(row.n, 'seed')} too few: the interval leaves ${scale}`);
  return notes.join(', ');
}

/** The values that the metric can have, where the interval holds others; null where it does not. */
function leftScale({ interval }: LeaderboardRow, { metric }: Plan): string | null {
  if (interval === null) return null;
  const [low, high] = interval;
  if (metric.name !== 'valLoss') return low < 0 || high > 1 ? '0 to 1' : null;
  return low < 0 ? 'what a loss can be' : null;
}
