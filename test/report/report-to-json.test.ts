import { expect, test } from 'vitest';
import { analyse } from '../../src/report/analyse.js';
import { reportToJson } from '../../src/report/report-to-json.js';
import { outputs as all } from '../../src/report/write-results.js';
import { comparisonPlan, someIncomplete } from './comparison-plan.js';

const { plan, outcomes } = comparisonPlan('augmentation', someIncomplete);
const report = analyse(plan, outcomes);
const json = JSON.parse(
  JSON.stringify(reportToJson(report, { code: 1, meaning: 'some failed or diverged' }, 'results/tiny')),
) as ReturnType<typeof reportToJson>;

test('says what was asked, how it ended, and how many trials there are of each kind', () => {
  expect(json).toMatchObject({
    name: plan.name,
    exit: { code: 1, meaning: 'some failed or diverged' },
    directory: 'results/tiny',
    counts: { cells: 3, seeds: 3, trials: 9, completed: 7, diverged: 1, failed: 0, missing: 1, needed: 9 },
  });
  expect(json.withoutResult).toMatchObject([{ augmentation: 'flip', seed: 2018, status: 'diverged' }]);
});

test('its rows are those of the CSV files, column by column', () => {
  const outputs = new Map(all.map((output) => [output.fileName, output]));
  for (const [file, rows] of [
    ['leaderboard.csv', json.leaderboard],
    ['comparisons.csv', json.comparisons],
  ] as const) {
    // No text of this plan holds a comma.
    const [header, ...lines] = outputs.get(file)!.render(report, null)!.trimEnd().split('\n');
    expect(rows.map((row) => Object.keys(row).join())).toEqual(lines.map(() => header));
    expect(rows.map((row) => Object.values(row).map((value) => String(value ?? '')))).toEqual(
      lines.map((line) => line.split(',')),
    );
    expect(rows.length).toBeGreaterThan(1);
  }
});
