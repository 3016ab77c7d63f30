import { count } from '../../diagnostics/count.js';
import type { Plan } from '../../plan/plan.js';
import type { Environment } from '../../run/journal-record.js';
import type { Report } from '../analyse.js';
import type { PairedComparison } from '../statistics/paired-comparisons.js';
import { describeComparison } from './describe-comparison.js';
import { describeOutcome } from './describe-outcome.js';
import { leaderboardFields } from './leaderboard-table.js';
import { showMargin, unitOf } from './units.js';

/** More rows than this hide the answer; the CSV files have them all. */
const mostRows = 50;

/**
 * A report in GitHub's Markdown, for a README or a pull request: what the verdicts say, the leaderboard, the comparisons
 * with their intervals, the trials without a result, and how it was made. Without a newline at the end.
 * @param environment of the last run that trained something; null where none has
 */
export function describeMarkdown(report: Report, environment: Environment | null): string {
  const { plan, comparisons, needed, results } = report;
  const sentences = comparisons.map((comparison) => capitalize(describeComparison(comparison, plan)));
  const missing = needed.size - results.length;
  const { titles, rows, notes } = leaderboardFields(report);
  const blocks = [
    `## ${escape(plan.name)}`,
    escape(plan.description),
    missing > 0 &&
      `${count(missing, 'trial')} of ${needed.size} not finished: what follows is of the others.`,
    list(sentences.map((sentence) => `${escape(sentence)}.`)),
    table(titles, rows),
    ...notes.map((note) => `${capitalize(escape(note))}.`),
    comparisons.length > 0 && describeComparisons(report),
    list(report.misses.map(({ trial, outcome }) => escape(describeOutcome(trial, outcome)))),
    `<details><summary>How it was made</summary>\n\n${list(describeOrigin(plan, environment).map(escape))}\n\n</details>`,
  ];
  return blocks.filter((block) => block !== false && block !== '').join('\n\n');
}

/** Each comparison with its figures; all of them over the same pairs of seeds as the sentences. */
function describeComparisons({ plan, comparisons }: Report): string {
  const { scale, decimals, name } = unitOf(plan);
  const isAnytime = plan.judging.stopping === 'anytime';
  const show = (difference: number | null) =>
    difference === null ? '–' : (scale * difference).toFixed(decimals).replace('-', '−');
  const between = (interval: readonly [number, number] | null) =>
    interval === null ? '–' : interval.map(show).join(' to ');
  const hasImages = comparisons.some(({ newImages }) => newImages !== null);
  return table(
    [
      'setting',
      'baseline',
      'verdict',
      `difference, ${name}`,
      isAnytime ? 'interval, at any look' : '95 % interval',
      ...(hasImages ? ['interval, new images'] : []),
      'seeds',
    ],
    comparisons.map((comparison) => [
      nameOf(comparison.cell),
      nameOf(comparison.baseline),
      comparison.verdict,
      show(comparison.meanDifference),
      between(isAnytime ? comparison.anytimeInterval : comparison.interval),
      ...(hasImages ? [between(comparison.newImages)] : []),
      String(comparison.pairs),
    ]),
  );
}

const nameOf = ({ axes }: PairedComparison['cell']): string =>
  Object.entries(axes)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/** Versions, machine, data and seeds, as far as they are known. */
function describeOrigin(plan: Plan, environment: Environment | null): string[] {
  const { metric, judging } = plan;
  const judged =
    judging.stopping === 'anytime'
      ? 'verdicts hold at any look'
      : 'the paired t test judged once, at the last seed';
  return [
    ...describeMachine(environment ?? {}),
    ...plan.datasets.map(({ title, images: { train, val, test }, classes, sha256 }) =>
      [
        `${title}: ${count(train, 'image')} to train`,
        ...(val === null ? [] : [`${val} to validate`]),
        ...(test === null ? [] : [`${test} to test`]),
        `${classes.length} classes, sha256 ${sha256}`,
      ].join(', '),
    ),
    `${count(plan.cells.length, 'setting')}, ${count(plan.seeds.length, 'seed')} (${describeSeeds(plan.seeds)})${plan.untilDecided ? ' at most' : ''}`,
    `${metric.name} of each trial's ${metric.select} epoch${plan.comparisons.length > 0 ? `; ${judged}` : ''}${judging.margin === null ? '' : `; margin ${showMargin(judging.margin, plan)}`}`,
  ];
}

/** Of the last run that trained something. Journals of earlier versions lack some of it; environment.json has all. */
function describeMachine(environment: Environment): string[] {
  const { runner, tensorflow, engine, node, cpu, cores, memoryBytes, platform, git } = environment;
  const join = (...parts: readonly (string | null)[]) => parts.filter((part) => part !== null).join(', ');
  const named = (name: string, value: unknown) => (typeof value === 'string' ? `${name}${value}` : null);
  const { commit, dirty } = (git ?? {}) as { readonly commit?: unknown; readonly dirty?: unknown };
  return [
    join(named('runner ', runner), named('TensorFlow ', tensorflow), named('', engine), named('Node ', node)),
    join(
      named('', cpu),
      typeof cores === 'number' ? count(cores, 'core') : null,
      typeof memoryBytes === 'number' ? `${Math.round(memoryBytes / 1e9)} GB of memory` : null,
      named('', platform),
    ),
    join(named('commit ', commit), typeof commit === 'string' && dirty === true ? 'with changes' : null),
  ].filter((line) => line !== '');
}

/** `2017 to 2026` of seeds in a row. */
function describeSeeds(seeds: readonly number[]): string {
  const first = seeds[0]!;
  const areInARow = seeds.length > 2 && seeds.every((seed, index) => seed === first + index);
  return areInARow ? `${first} to ${seeds.at(-1)}` : seeds.join(', ');
}

function list(items: readonly string[]): string {
  const hidden = items.length - mostRows;
  const shown = hidden <= 0 ? items : [...items.slice(0, mostRows), `… and ${hidden} more in the CSV files`];
  return shown.map((item) => `- ${item}`).join('\n');
}

/** Columns of numbers are aligned to the right. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumber = titles.map((_, column) => isNumbers(rows.map((row) => row[column]!)));
  const line = (fields: readonly string[]) => `| ${fields.join(' | ')} |`;
  return [
    line(titles.map(escape)),
    line(isNumber.map((right) => (right ? '---:' : '---'))),
    ...rows.slice(0, mostRows).map((row) => line(row.map(escape))),
    ...(rows.length > mostRows ? ['', `… and ${rows.length - mostRows} more in the CSV files`] : []),
  ].join('\n');
}

const isNumbers = (texts: readonly string[]): boolean =>
  texts.some((text) => /\d/.test(text)) && texts.every((text) => /^[−\d.–]*$/.test(text));

/** Text that stays text, on one line. */
const escape = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_<>|[\]~]/g, '\\$&')
    .replace(/^(?:[+-]|#+)(?= )/, '\\$&') // what begins a list or a heading
    .replace(/^\d+(?=[.)] )/, '$&\\');

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
