/** A run in this process, with real trials: each thing that takes its time is done once. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { parseArguments } from '../../src/commands/arguments.js';
import { run } from '../../src/commands/run.js';
import { findWeights } from '../../src/model/mobilenet-v1/weights-file.js';
import { expandCells } from '../../src/plan/grid/expand-cells.js';
import { trialId } from '../../src/plan/trial-id.js';
import { analyse } from '../../src/report/analyse.js';
import { rankCells } from '../../src/report/statistics/leaderboard.js';
import { comparePairs } from '../../src/report/statistics/paired-comparisons.js';
import { collectResults } from '../../src/report/statistics/trial-results.js';
import { experiment, newFolder } from '../command-line.js';

// The real functions, counted.
vi.mock('node:fs/promises', { spy: true });
vi.mock('../../src/model/mobilenet-v1/weights-file.js', { spy: true });
vi.mock('../../src/plan/grid/expand-cells.js', { spy: true });
vi.mock('../../src/plan/trial-id.js', { spy: true });
vi.mock('../../src/report/analyse.js', { spy: true });
vi.mock('../../src/report/statistics/leaderboard.js', { spy: true });
vi.mock('../../src/report/statistics/paired-comparisons.js', { spy: true });
vi.mock('../../src/report/statistics/trial-results.js', { spy: true });

const weightsDir = fileURLToPath(new URL('../fixtures/weights', import.meta.url));

afterEach(() => vi.clearAllMocks());

async function runQuietly(...args: string[]): Promise<number> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    return await run(parseArguments(['run', ...args, '--quiet']));
  } finally {
    write.mockRestore();
  }
}

const journalReadings = () =>
  vi
    .mocked(fs.readFile)
    .mock.calls.filter(([path]) => typeof path === 'string' && path.endsWith('journal.jsonl')).length;

const counts = () => ({
  expansions: vi.mocked(expandCells).mock.calls.length,
  ids: vi.mocked(trialId).mock.calls.length,
  analyses: vi.mocked(analyse).mock.calls.length,
  collections: vi.mocked(collectResults).mock.calls.length,
  rankings: vi.mocked(rankCells).mock.calls.length,
  comparisons: vi.mocked(comparePairs).mock.calls.length,
  journalReadings: journalReadings(),
});

test('a run makes its plan once, also from ImageNet weights, its statistics once for all results, and reads its journal twice', async () => {
  const folder = await newFolder(
    experiment({
      params: '{ alpha: 0.25, weights: imagenet, resolution: 28, epochs: 1 }',
      seeds: '[2017]',
      compare: '{ baseline: { augmentation: none } }',
    }),
  );
  const args = [join(folder, 'tiny.yaml'), '--results-dir', join(folder, 'results')];
  expect(await runQuietly(...args, '--weights-dir', weightsDir)).toBe(0);
  const { expansions, ids, journalReadings, ...statistics } = counts();
  expect({ expansions, ids, journalReadings }).toEqual({ expansions: 1, ids: 2, journalReadings: 2 });
  // For the results once; for the page of a run that goes on at its start, and when trials have ended.
  for (const number of Object.values(statistics)) {
    expect(number).toBe(statistics.analyses);
    expect(number).toBeGreaterThanOrEqual(2);
    expect(number).toBeLessThanOrEqual(4);
  }
  expect(vi.mocked(findWeights)).toHaveBeenCalledTimes(1); // of two cells with one file

  vi.clearAllMocks();
  expect(await runQuietly(...args, '--weights-dir', weightsDir)).toBe(0); // nothing to train
  const once = { expansions: 1, ids: 2, analyses: 1, collections: 1, rankings: 1, comparisons: 1 };
  expect(counts()).toEqual({ ...once, journalReadings: 1 });
});

test('so does a run that takes trials from the store', async () => {
  const folder = await newFolder(experiment({ seeds: '[2017]' }));
  const args = [join(folder, 'tiny.yaml'), '--results-dir', join(folder, 'results')];
  expect(await runQuietly(...args)).toBe(0);
  vi.clearAllMocks();
  expect(await runQuietly(...args, '--set', 'name=other', '--set', 'seeds=[2017, 2018]')).toBe(0);
  expect(counts()).toMatchObject({ expansions: 1, ids: 4, journalReadings: 2 });
});
