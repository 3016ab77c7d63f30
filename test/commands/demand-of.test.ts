import { expect, test } from 'vitest';
import { demandOf } from '../../src/commands/demand-of.js';
import type { TrialOutcome } from '../../src/trial/outcome.js';
import { comparisonPlan } from '../report/comparison-plan.js';

const seeds = 9;
const { plan: fixed, outcomes: all } = comparisonPlan(
  'augmentation',
  new Map([
    ['none', Array.from({ length: seeds }, (_, seed) => 0.8 + 0.01 * Math.sin(3 * seed))],
    [
      'clear',
      Array.from({ length: seeds }, (_, seed) => 0.83 + 0.01 * Math.sin(3 * seed) + 0.001 * (seed % 2)),
    ],
    ['open', Array.from({ length: seeds }, (_, seed) => 0.8 + 0.02 * Math.cos(2 * seed))],
  ]),
);
const plan = { ...fixed, untilDecided: { min: 7 } };
const usual = { force: false, retryFailed: false };
const failed: TrialOutcome = {
  status: 'failed',
  failure: 'timeout',
  cause: 'it took too long',
  logFile: 'a.log',
};

/** Trains what is asked for, all that is wanted now at once. */
function trained(known: ReadonlyMap<string, TrialOutcome>, options: Partial<typeof usual> = {}): string[] {
  const demand = demandOf(plan, known, { ...usual, ...options });
  const ended = new Map<string, TrialOutcome>();
  for (;;) {
    const next = demand(ended).now.filter(({ id }) => !ended.has(id));
    if (next.length === 0) return [...ended.keys()];
    for (const { id } of next) ended.set(id, all.get(id)!);
  }
}
const needed = trained(new Map());
const knownOf = (ids: readonly string[]) => new Map(ids.map((id) => [id, all.get(id)!]));

test('what is needed and not known is trained, in rounds; then nothing more', () => {
  const cellOf = (index: number) => needed.filter((id) => id.startsWith(`${index}-`)).length;
  expect([0, 1, 2].map(cellOf)).toEqual([9, 7, 9]); // `clear` is decided after seven seeds
  expect(trained(knownOf(needed))).toEqual([]);
  expect(trained(knownOf(needed.slice(0, 22)))).toEqual(needed.slice(22));
});

test('whole rounds ahead hold the next seed of every cell that is open', () => {
  const aheadAfter = (known: readonly string[]) =>
    demandOf(plan, new Map(), usual)(knownOf(known)).ahead.map((round) => round.map(({ id }) => id));
  expect(aheadAfter([])).toEqual([
    ['0-2024', '1-2024', '2-2024'],
    ['0-2025', '1-2025', '2-2025'],
  ]);
  expect(aheadAfter(needed.slice(0, 21))).toEqual([['0-2025', '2-2025']]); // the eighth seed is needed now
});

test('--force trains again what is needed, and not what was trained ahead in vain', () => {
  expect(trained(all, { force: true })).toEqual(needed);
});

test('--retry-failed trains what failed where it is needed, and what is open again by its outcome', () => {
  const isLate = (id: string) => /-202[45]$/.test(id);
  const known = knownOf(needed.filter((id) => !isLate(id)));
  known.set('2-2018', failed).set('1-2025', failed);
  expect(trained(known)).toEqual([]); // without a verdict, more seeds would tell nothing
  expect(trained(known, { retryFailed: true }).toSorted()).toEqual(
    ['2-2018', ...needed.filter(isLate)].toSorted(),
  );
});
