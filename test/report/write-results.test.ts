import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { analyse } from '../../src/report/analyse.js';
import { outputs, writeResults } from '../../src/report/write-results.js';
import type { Output } from '../../src/report/output.js';
import { loadFolder } from '../../src/system/load-folder.js';
import { comparisonPlan } from './comparison-plan.js';

const newFolder = () => mkdtempSync(join(tmpdir(), 'runner-outputs-'));
const { plan, outcomes } = comparisonPlan('dropout', new Map([[0, [0.8, 0.81]]]));

test('the outputs are the modules of the folder, one file each', () => {
  const modules = readdirSync(new URL('../../src/report/outputs/', import.meta.url));
  expect(outputs.map(({ fileName }) => fileName.replace(/\..*/, '.ts'))).toEqual(modules.sort());
  for (const output of outputs) expect(output).toHaveProperty('render');
});

test('an output is added by one file; what stands beside it is no output', async () => {
  const folder = newFolder();
  writeFileSync(
    join(folder, 'best.js'),
    `export default {
  fileName: 'best.txt',
  render: ({ leaderboard }) => 'dropout ' + leaderboard[0].cell.axes.dropout,
};`,
  );
  writeFileSync(join(folder, 'best.js.map'), '{}');
  writeFileSync(join(folder, 'best.d.ts'), 'export {};');
  const found = await loadFolder<Output>(pathToFileURL(`${folder}/`));
  expect(found.map(({ fileName, render }) => [fileName, render(analyse(plan, outcomes), null)])).toEqual([
    ['best.txt', 'dropout 0'],
  ]);
});

test('every output is written, the environment where there is one', async () => {
  const folder = newFolder();
  const report = analyse(plan, outcomes);
  const files = ['comparisons.csv', 'epochs.csv', 'leaderboard.csv', 'trials.csv'];
  await writeResults(folder, report, null);
  expect(readdirSync(folder).sort()).toEqual(files);
  await writeResults(folder, report, { node: 'v20' });
  expect(readdirSync(folder).sort()).toEqual([...files, 'environment.json'].sort());
  expect(readFileSync(join(folder, 'environment.json'), 'utf8')).toBe('{\n  "node": "v20"\n}\n');
});
