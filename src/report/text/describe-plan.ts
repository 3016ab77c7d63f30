import { describeArithmetic } from '../../diagnostics/arithmetic.js';
import { count } from '../../diagnostics/count.js';
import type { Outdated } from '../../plan/explain-new.js';
import { describeOutdated } from './describe-outdated.js';
import type { TrialState, TrialStates } from '../../plan/trial-state.js';
import type { Cell, Plan, Trial } from '../../plan/plan.js';
import type { Power } from '../statistics/power.js';
import { describeData, type DataSummary } from './describe-data.js';
import { describeDuration } from './describe-duration.js';
import { describePower } from './describe-power.js';

const allStates: readonly TrialState[] = ['done', 'new', 'retryable', 'failed', 'if-undecided', 'not-needed'];

/** More rows than a screen holds hide the arithmetic; `--json` has them all. */
const maximumRows = 40;

const expansionOrder =
  'order: extends → params → (variants × matrix × zip) → exclude → include → overrides → de-duplicate → × seeds';

/** Values of one axis that a line holds. */
const maximumValues = 12;

/**
 * A plan for people: the question, how the trials come about, the cells, what is left to do and how long it
 * takes. Several lines, without a newline at the end.
 * @param outdated why trials are new that were trained before.
 * @param secondsPerTrial expected seconds of one trial on its own; null where nothing is known.
 * @param file for the next command, as the user wrote it.
 * @param power what the seeds can tell; null where nothing is said of it
 * @param data its data sets
 */
export function describePlan(
  plan: Plan,
  states: TrialStates,
  outdated: readonly Outdated[],
  secondsPerTrial: (trial: Trial) => number | null,
  file: string,
  power: Power | null = null,
  data: readonly DataSummary[] = [],
): string {
  const totals = countStates(plan.trials, states);
  const left = plan.trials.filter((trial) => isLeft(stateOf(trial, states)));
  return [
    plan.description === '' ? plan.name : `${plan.name}: ${plan.description}`,
    '',
    expansionOrder,
    `plan:  ${describeArithmetic(plan.arithmetic)}`,
    ...describeDetails(plan),
    ...describeData(data, plan),
    '',
    ...renderCells(plan, states),
    ...(power ? ['', ...indent('tells: ', describePower(power, plan))] : []),
    ...(plan.judging.stopping === 'fixed'
      ? ['', 'tells: the paired t test judges once, when the last seed is in']
      : []),
    '',
    `trials: ${allStates
      .filter((state) => totals[state] > 0)
      .map((state) => `${totals[state]} ${state}`)
      .join(', ')}`,
    ...outdated.map((group) => `why:    ${describeOutdated(group)}`),
    ...(totals.failed > 0 ? ['`--retry-failed` also trains the failed ones again'] : []),
    ...(left.length === 0
      ? ['time left: none, all trials have ended']
      : [
          `time left: ${describeEstimate(left, secondsPerTrial)}${describeMost(plan, states, secondsPerTrial)}`,
          `next: runner ${file}`,
        ]),
  ].join('\n');
}

/** Each axis with its values, ranges written out; what overrides change; what is compared. */
function describeDetails({ axes, cells, arithmetic, comparisons }: Plan): string[] {
  const lines = axes.map(({ name, values }) => {
    const hidden = values.length - maximumValues;
    const shown = values.slice(0, maximumValues).map(String).join(', ');
    return `${name}: ${shown}${hidden > 0 ? `, … and ${hidden} more` : ''}`;
  });
  const changes = arithmetic.overridden.map(
    ({ rule, cells: changed }) => `${count(changed, 'cell')} changed by ${rule}`,
  );
  const compares = new Set(comparisons.map(({ cell }) => cell));
  const baselines = new Set(comparisons.map(({ baseline }) => baseline));
  const alone = cells.filter(({ index }) => !compares.has(index) && !baselines.has(index)).length;
  const compared = `${count(compares.size, 'cell')} compared with ${count(baselines.size, 'baseline')}`;
  return [
    ...lines.map((line, index) => `${index === 0 ? 'axes:  ' : '       '}${line}`),
    ...(changes.length > 0 ? [`set:   ${changes.join(', ')}`] : []),
    ...(comparisons.length > 0
      ? [`pairs: ${compared}${alone > 0 ? `, ${count(alone, 'cell')} with none` : ''}`]
      : []),
  ];
}

/** A plan for programs: everything that `describePlan` shows, each trial with its state. Ready for JSON. */
export function planToJson(
  plan: Plan,
  states: TrialStates,
  outdated: readonly Outdated[],
  power: Power | null = null,
  data: readonly DataSummary[] = [],
) {
  return {
    ...plan,
    power,
    data,
    counts: { cells: plan.cells.length, seeds: plan.seeds.length, trials: plan.trials.length },
    states: countStates(plan.trials, states),
    outdated,
    trials: plan.trials.map((trial) => ({ ...trial, state: stateOf(trial, states) })),
  };
}

const stateOf = ({ id }: Trial, states: TrialStates): TrialState => states.get(id) ?? 'new';
const isLeft = (state: TrialState): boolean => state === 'new' || state === 'retryable';

function countStates(trials: readonly Trial[], states: TrialStates): Record<TrialState, number> {
  const counts = { done: 0, new: 0, retryable: 0, failed: 0, 'if-undecided': 0, 'not-needed': 0 };
  for (const trial of trials) counts[stateOf(trial, states)]++;
  return counts;
}

/** One row per cell: its axes, then how many of its trials are in each state. */
function renderCells({ axes, cells, trials }: Plan, states: TrialStates): string[] {
  const byCell = cells.map((): Trial[] => []);
  for (const trial of trials) byCell[trial.cellIndex]!.push(trial);
  const used = allStates.filter((state) => trials.some((trial) => stateOf(trial, states) === state));
  const toRow = (cell: Cell): string[] => {
    const counts = countStates(byCell[cell.index]!, states);
    const values = axes.length === 0 ? ['params'] : axes.map(({ name }) => String(cell.axes[name] ?? ''));
    return [...values, ...used.map((state) => String(counts[state]))];
  };
  const names = axes.length === 0 ? ['cell'] : axes.map(({ name }) => name);
  const rows = [[...names, ...used], ...cells.slice(0, maximumRows).map(toRow)];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const hidden = cells.length - maximumRows;
  return [
    ...rows.map((row) =>
      row
        .map((text, column) =>
          column < names.length ? text.padEnd(widths[column]!) : text.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    ),
    ...(hidden > 0 ? [`… and ${count(hidden, 'more cell')} (all of them with --json)`] : []),
  ];
}

/** What a running design takes in addition if nothing is decided. */
function describeMost(
  { trials }: Plan,
  states: TrialStates,
  secondsPerTrial: (trial: Trial) => number | null,
): string {
  const later = trials.filter((trial) => stateOf(trial, states) === 'if-undecided');
  if (later.length === 0) return '';
  const seconds = later.map(secondsPerTrial);
  if (seconds.includes(null)) return `, and ${count(later.length, 'trial')} more at most`;
  const sum = seconds.reduce((total: number, own) => total + own!, 0);
  return `, and ${describeDuration(sum)} more at most`;
}

const indent = (heading: string, [first, ...others]: readonly string[]): string[] => [
  `${heading}${first!}`,
  ...others.map((line) => ' '.repeat(heading.length) + line),
];

function describeEstimate(left: readonly Trial[], secondsPerTrial: (trial: Trial) => number | null): string {
  let seconds = 0;
  for (const trial of left) {
    const own = secondsPerTrial(trial);
    if (own === null) return 'unknown, no trial like these has been timed here';
    seconds += own;
  }
  return `about ${describeDuration(seconds)} of training, one trial after another`;
}
