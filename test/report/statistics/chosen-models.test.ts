import { expect, test } from 'vitest';
import type { Metric, Plan } from '../../../src/plan/plan.js';
import { analyse } from '../../../src/report/analyse.js';
import { chooseModels } from '../../../src/report/statistics/chosen-models.js';
import { comparisonPlan, someIncomplete, type Result } from '../comparison-plan.js';

type Results = ReadonlyMap<string | number, readonly Result[]>;

/** Each chosen model as its folder, whose trial it is and its value. */
function chosen(results: Results, saveModels: Plan['saveModels'], metric?: Metric, axis = 'augmentation') {
  const { plan, outcomes } = comparisonPlan(axis, results, metric);
  const report = analyse({ ...plan, saveModels }, outcomes);
  return chooseModels(report.plan, report.leaderboard, report.results).map(
    ({ folder, result: { trial, selected } }) => [folder, trial.id, selected[plan.metric.name]],
  );
}

const loss: Metric = { name: 'valLoss', goal: 'minimize', select: 'last' };

test.each<[string, readonly number[], Metric | undefined, number]>([
  ['of three the middle', [0.9, 0.7, 0.8], undefined, 0.8],
  ['of four the less good of the two in the middle', [0.9, 0.7, 0.8, 0.6], undefined, 0.7],
  ['of two the less good', [0.9, 0.7], undefined, 0.7],
  ['of one that', [0.9], undefined, 0.9],
  ['of losses in the middle the higher', [0.1, 0.4, 0.3, 0.2], loss, 0.3],
])('the best cell’s model is %s', (_, values, metric, value) => {
  const worse = values.map(() => (metric ? 0.9 : 0.1));
  const results = new Map([
    ['none', worse],
    ['flip', values],
  ]);
  const [best, ...others] = chosen(results, 'best', metric);
  expect(best).toEqual(['best', `1-${2017 + values.indexOf(value)}`, value]);
  expect(others).toEqual([]);
});

test('a cell with a seed missing or diverged is not the best, but its trials’ models are among all', () => {
  expect(chosen(someIncomplete, 'best')).toEqual([['best', '0-2018', 0.81]]);
  expect(chosen(someIncomplete, 'all')).toEqual([
    ['best', '0-2018', 0.81],
    ['augmentation=none/seed-2017', '0-2017', 0.8],
    ['augmentation=none/seed-2018', '0-2018', 0.81],
    ['augmentation=none/seed-2019', '0-2019', 0.82],
    ['augmentation=flip/seed-2017', '1-2017', 0.83],
    ['augmentation=flip/seed-2019', '1-2019', 0.84],
    ['augmentation=mask/seed-2017', '2-2017', 0.85],
    ['augmentation=mask/seed-2019', '2-2019', 0.84],
  ]);
});

test('there is none without a complete cell, and none where none are asked for', () => {
  expect(chosen(new Map([['none', ['failed', 0.9]]]), 'best')).toEqual([]);
  expect(chosen(new Map([['none', [0.9]]]), 'none')).toEqual([]);
});

test('folders have names that every file system takes, one for each cell', () => {
  const names = ['../etc', 'a b', 'a/b', 'x'.repeat(300), `${'x'.repeat(299)}y`, 'ü', 'Flip', 'flip', 'v1.'];
  const folders = chosen(new Map(names.map((name) => [name, [0.5]])), 'all').map(([folder]) => folder);
  expect(folders.slice(1)).toEqual([
    'augmentation=..-etc/seed-2017',
    'cell-2/seed-2017',
    'cell-3/seed-2017',
    'cell-4/seed-2017',
    'cell-5/seed-2017',
    'augmentation=-/seed-2017',
    'cell-7/seed-2017', // macOS and Windows take it for the next one
    'cell-8/seed-2017',
    'augmentation=v1/seed-2017',
  ]);
});
