/** What cannot be read may refer to anything: then nothing is removed. */
import { mkdirSync, readdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { parseArguments } from '../../src/commands/arguments.js';
import { gc } from '../../src/commands/gc.js';
import { writeFolder } from '../spec/experiment-folder.js';

const id = 'a'.repeat(64);
const files = {
  'results/flip/plan.json': '{"trials":[]}',
  [`results/_trials/${id}.json`]: '{}',
  [`results/_trials/${id}.checkpoint`]: '',
};
const everything = (folder: string) => readdirSync(folder, { recursive: true }).sort();
const remove = (resultsDir: string) => gc(parseArguments(['gc', '--yes', '--results-dir', resultsDir]));

test('removes them where everything can be read', async () => {
  const folder = writeFolder(files);
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  expect(await remove(join(folder, 'results'))).toBe(0);
  write.mockRestore();
  expect(everything(join(folder, 'results/_trials'))).toEqual(['claims']);
});

test.each<[string, string, (folder: string) => void]>([
  ['a plan that is a folder', 'plan-unreadable', (results) => mkdirSync(join(results, 'mask/plan.json'))],
  [
    'logs that are no folder',
    'results-unreadable',
    (results) => symlinkSync('plan.json', join(results, 'flip/logs')),
  ],
  ['a link to nothing', 'results-outside', (results) => symlinkSync('../disk/mask', join(results, 'gone'))],
  ['a link to elsewhere', 'results-outside', (results) => symlinkSync('..', join(results, 'above'))],
  [
    'plans/ that are no folder',
    'results-unreadable',
    (results) => symlinkSync('plan.json', join(results, 'flip/plans')),
  ],
])('removes nothing beside %s', async (_title, reason, damage) => {
  const folder = writeFolder({ ...files, 'results/mask/x': '' });
  damage(join(folder, 'results'));
  const before = everything(folder);
  await expect(remove(join(folder, 'results'))).rejects.toMatchObject({
    exitCode: 2,
    problems: [{ reason }],
  });
  expect(everything(folder)).toEqual(before);
});

test('removes nothing where a plan is missing and the journal beside it is damaged', async () => {
  const folder = writeFolder({ ...files, 'results/mask/journal.jsonl': '{"check":"0"}\n' });
  const before = everything(folder);
  const problem = {
    reason: 'plan-unreadable',
    cause: 'it is missing, and the journal beside it is damaged',
  };
  await expect(remove(join(folder, 'results'))).rejects.toMatchObject({ problems: [problem] });
  expect(everything(folder)).toEqual(before);
});

test('a folder that is not there is an error, not an empty one', async () => {
  const folder = writeFolder(files);
  await expect(remove(join(folder, 'nowhere'))).rejects.toMatchObject({
    exitCode: 2,
    problems: [{ reason: 'results-unreadable' }],
  });
});

test('removes nothing in a working folder, which holds no results', async () => {
  const folder = writeFolder({
    ...files,
    'server/logs/today.log': '',
    'server/notes.tmp': '',
    '_trials/claims/notes.txt': '',
    '_trials/mine.json': '',
  });
  for (const name of ['server/notes.tmp', '_trials/claims/notes.txt'])
    utimesSync(join(folder, name), new Date(0), new Date(0));
  const before = everything(folder);
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  expect(await remove(folder)).toBe(0);
  const [[said]] = write.mock.calls as [[string]];
  write.mockRestore();
  expect(said).toBe(`Nothing to remove: ${folder} holds no results.\n`);
  expect(everything(folder)).toEqual(before);
});
