/** A number of seeds counts as fixed only if nothing of fewer seeds was shown: the journal knows. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/commands/arguments.js';
import { loadPlan } from '../../src/commands/load-plan.js';
import { openResults } from '../../src/commands/open-results.js';
import { comparisonKey, covers, findEarlierLook, lookAt } from '../../src/run/looks.js';
import type { LookRecord } from '../../src/run/journal-record.js';
import type { TrialOutcome } from '../../src/trial/outcome.js';
import { runner } from '../command-line.js';
import { planOf, writeFolder } from '../spec/experiment-folder.js';

const yaml = (seeds: string, compare: string, params = 'epochs: 2', name = 'sweep') => `name: ${name}
params: { weights: none, ${params} }
matrix: { dropout: [0, 0.5] }
seeds: ${seeds}
compare: { baseline: { dropout: 0 }${compare} }`;
const fixed = ', stopping: fixed';

/** A folder with an experiment; `finish` makes outcomes of trials, as a run would have journaled them. */
function openFolder(text: string) {
  const folder = writeFolder({ 'sweep.yaml': text });
  const file = join(folder, 'sweep.yaml');
  const args = parseArguments(['report', file, '--results-dir', join(folder, 'results')]);
  return {
    journal: () => readFile(join(folder, 'results/sweep/journal.jsonl'), 'utf8'),
    change: (changed: string) => writeFile(file, changed),
    run: (...words: string[]) => runner(folder, [...words.slice(0, 1), 'sweep.yaml', ...words.slice(1)]),
    async finish(seeds: readonly number[], accuracyOf: (dropout: number, seed: number) => number) {
      const plan = await loadPlan(file, args);
      const journal = await openResults(plan, args).openJournal();
      for (const trial of plan.trials.filter(({ seed }) => seeds.includes(seed))) {
        const valAccuracy = accuracyOf(trial.params.dropout, trial.seed);
        const epoch = { epoch: 1, trainLoss: 1, trainAccuracy: 0.5, valLoss: 1, valAccuracy, seconds: 1 };
        const measured = { parameters: 1, trainSeconds: 1, peakBytes: 1, engine: 'tensorflow-cpu' };
        const outcome: TrialOutcome = { ...measured, status: 'completed', epochs: [epoch] };
        const at = new Date().toISOString();
        await journal.append({ version: 2, type: 'outcome', at, experiment: 'sweep', trial, outcome });
      }
      await journal.close();
    },
  };
}

const better = (dropout: number, seed: number) => 0.8 + dropout / 10 + ((seed * 7919) % 13) / 10_000;
const looksIn = (journal: string) =>
  journal
    .split('\n')
    .filter((line) => line.includes('"type":"look"'))
    .map((line) => JSON.parse(line) as LookRecord);
const seedsIn = (journal: string) =>
  looksIn(journal).map(({ shown }) => shown.map(({ seeds }) => seeds.length));

test('six seeds were shown: eight cannot be fixed any more, nine others can, and any look may go on', async () => {
  const folder = openFolder(yaml('{ count: 6 }', ''));
  await folder.finish([2017, 2018, 2019, 2020, 2021, 2022], better);
  expect((await folder.run('report')).stdout).toContain('dropout 0.5 is better than dropout 0');
  const journal = await folder.journal();
  expect(looksIn(journal)).toMatchObject([
    { fixed: null, shown: [{ seeds: [2017, 2018, 2019, 2020, 2021, 2022] }] },
  ]);
  await folder.run('report');
  expect(await folder.journal()).toBe(journal); // one look, shown twice

  await folder.change(yaml('{ count: 8 }', fixed));
  for (const command of ['plan', 'report', 'run']) {
    const { code, stderr } = await folder.run(command);
    expect([command, code]).toEqual([command, 2]);
    expect(stderr).toContain(
      'error[already-shown]: `compare.stopping: fixed` asks for 8 seeds, and results with 6 seeds were shown before',
    );
  }
  await folder.change(yaml('{ count: 6 }', fixed)); // no shorter list was shown
  expect((await folder.run('report')).stdout).toContain('Holm p');
  await folder.change(yaml('{ count: 9, base: 3000 }', fixed));
  expect((await folder.run('plan')).code).toBe(0);
  await folder.change(yaml('{ count: 8 }', ''));
  expect((await folder.run('plan')).code).toBe(0);
  await folder.change(yaml('{ count: 8 }', fixed, 'epochs: 3')); // other trials
  expect((await folder.run('plan')).code).toBe(0);
});

test('fixed from the start: no verdict and no test before the last seed; then neither more seeds nor fewer', async () => {
  const seeds = [2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024];
  const folder = openFolder(yaml('{ count: 8 }', fixed));
  await folder.finish(seeds.slice(0, 6), better);
  expect((await folder.run('report')).stdout).toContain('is incomplete, 6 of 8 seeds');
  expect(seedsIn(await folder.journal())).toEqual([[6]]);
  await folder.change(yaml('{ count: 6 }', fixed)); // six that already look good
  expect((await folder.run('report')).stderr).toContain(
    'asks for 6 seeds, and results with 6 seeds were shown',
  );
  await folder.change(yaml('{ count: 8 }', fixed));
  await folder.finish(seeds.slice(6), better);
  expect((await folder.run('report')).stdout).toContain('dropout 0.5 is better than dropout 0');
  expect(seedsIn(await folder.journal())).toEqual([[6], [8]]);
  for (const [count, text] of [
    [10, 'asks for 10 seeds, and results with 8 seeds'],
    [7, 'asks for 7 seeds, and results with 8 seeds'],
  ] as const) {
    await folder.change(yaml(`{ count: ${count} }`, fixed));
    expect((await folder.run('plan')).stderr).toContain(text);
  }
});

test('what is only read is no look', async () => {
  const folder = openFolder(yaml('{ count: 6 }', ''));
  await folder.finish([2017, 2018, 2019, 2020, 2021, 2022], better);
  expect((await folder.run('report', '--read-only')).code).toBe(0);
  expect(looksIn(await folder.journal())).toEqual([]);
});

test('a comparison is known by what its cells train, not by names, seeds or the metric', async () => {
  const keyOf = async (text: string) => {
    const plan = await planOf(text);
    return comparisonKey(plan, plan.comparisons[0]!);
  };
  const key = await keyOf(yaml('[1]', ''));
  expect(key).toMatch(/^[0-9a-f]{16}$/);
  expect(await keyOf(`${yaml('[2, 3]', fixed, 'epochs: 2', 'other')}\nmetric: { name: valLoss }`)).toBe(key);
  expect(await keyOf(yaml('[1]', '', 'epochs: 3'))).not.toBe(key);
});

describe('looks', () => {
  const look = (seeds: number[], comparisons: string[], of: number[] | null = null): LookRecord => ({
    version: 2,
    type: 'look',
    at: '',
    fixed: of,
    shown: [{ seeds, comparisons }],
  });

  test('cover others over the same seeds with no other comparisons', () => {
    expect(covers(look([1, 2], ['a', 'b']), look([1, 2], ['a']))).toBe(true);
    expect(covers(look([1, 2], ['a']), look([1, 2], ['a', 'b']))).toBe(false);
    expect(covers(look([1, 2, 3], ['a']), look([1, 2], ['a']))).toBe(false);
    expect(covers(look([1, 2], ['a'], [1, 2]), look([1, 2], ['a']))).toBe(false);
  });

  test('rest on the seeds of each comparison: one of a few is seen behind one of all', async () => {
    const plan = await planOf(yaml('[1, 2, 3]', fixed).replace('[0, 0.5]', '[0, 0.2, 0.5]'));
    const { shown, fixed: of } = lookAt(plan, [
      [1, 2, 3],
      [1, 2],
    ])!;
    expect([of, shown.map(({ seeds }) => seeds)]).toEqual([
      [1, 2, 3],
      [
        [1, 2, 3],
        [1, 2],
      ],
    ]);
    expect(lookAt(plan, [[], []])).toBeNull();
  });

  test('at some of the seeds, or at more than these, come before; at just these, or others, they do not', async () => {
    const plan = await planOf(yaml('[1, 2, 3]', fixed));
    const key = comparisonKey(plan, plan.comparisons[0]!);
    const earlier = (...looks: LookRecord[]) => findEarlierLook(plan, looks)?.seeds;
    expect(earlier(look([1, 2], [key]), look([3], [key]))).toEqual([3]);
    expect(earlier(look([1, 2], ['another']))).toBeUndefined();
    expect(earlier(look([1, 4], [key]))).toEqual([1, 4]);
    expect(earlier(look([1, 2, 3, 4], [key]))).toEqual([1, 2, 3, 4]);
    expect(earlier(look([4, 5], [key]))).toBeUndefined();
    expect(earlier(look([1, 2, 3], [key]))).toBeUndefined();
    expect(earlier(look([1, 2], [key], [1, 2, 3]))).toBeUndefined(); // on the way to these
    expect(earlier(look([1, 2], [key], [1, 2, 3, 4]))).toEqual([1, 2]);
  });
});
