import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gc } from '../../src/commands/gc.js';
import { parseArguments } from '../../src/commands/arguments.js';
import { loadPlan } from '../../src/commands/load-plan.js';
import { openResults } from '../../src/commands/open-results.js';
import type { RunnerError } from '../../src/diagnostics/runner-error.js';
import { problemsIn, writeFolder } from '../spec/experiment-folder.js';

/** What `runner` does with results before anything is written: how many outcomes it knows, or what is wrong. */
async function read(folder: string): Promise<unknown> {
  const file = join(folder, 'sweep.yaml');
  const args = parseArguments(['report', file, '--results-dir', join(folder, 'results')]);
  const plan = await loadPlan(file, args);
  return openResults(plan, args)
    .read(plan)
    .then(
      ({ outcomes }) => outcomes.size,
      (error: RunnerError) => error.problems,
    );
}

describe('the folder of an experiment’s results', () => {
  const files = { 'sweep.yaml': 'name: flip', 'results/mask/x': '', 'elsewhere/x': '', 'results/x': '' };

  test.each([
    ['a folder elsewhere', '../elsewhere'],
    ['the folder above', '..'],
    ['nothing', '../nowhere'],
  ])('is refused where it is a link to %s', async (_title, target) => {
    const folder = writeFolder(files);
    const path = join(folder, 'results/flip');
    symlinkSync(target, path);
    expect(await read(folder)).toEqual([
      { kind: 'environment', reason: 'results-outside', path, folder: join(folder, 'results'), target },
    ]);
  });

  test('is refused where its journal is a link to elsewhere, even to a file that is still to come', async () => {
    const folder = writeFolder(files);
    mkdirSync(join(folder, 'results/flip'));
    const path = join(folder, 'results/flip/journal.jsonl');
    symlinkSync('../../elsewhere/journal.jsonl', path);
    expect(await read(folder)).toMatchObject([{ reason: 'results-outside', path }]);
    expect(existsSync(join(folder, 'elsewhere/journal.jsonl'))).toBe(false);
  });

  test.each(['flip/logs', '_trials', '_trials/claims'])('is refused where %s is one', async (name) => {
    const folder = writeFolder({ ...files, 'results/flip/x': '' });
    if (name !== '_trials') mkdirSync(join(folder, 'results/_trials'));
    const path = join(folder, 'results', name);
    symlinkSync(join(folder, 'elsewhere'), path);
    expect(await read(folder)).toMatchObject([{ reason: 'results-outside', path }]);
  });

  test('may be a link within the results, and these a link to anywhere', async () => {
    const folder = writeFolder(files);
    symlinkSync('mask', join(folder, 'results/flip'));
    expect(await read(folder)).toBe(0);
    const other = writeFolder({ 'sweep.yaml': 'name: flip' });
    symlinkSync(join(folder, 'results'), join(other, 'results'));
    expect(await read(other)).toBe(0);
  });

  test('need not be there', async () => {
    const folder = writeFolder({ 'sweep.yaml': 'name: flip' });
    expect(await read(folder)).toBe(0);
    expect(existsSync(join(folder, 'results'))).toBe(false);
  });
});

test.each(['results/flip/logs', 'results/_trials'])(
  'gc lists and removes nothing where %s is a link to elsewhere',
  async (name) => {
    const files = {
      [`elsewhere/${'a'.repeat(64)}.json`]: '',
      'elsewhere/mine.log': '',
      'results/flip/plan.json': '{"trials":[]}',
    };
    const folder = writeFolder(files);
    const path = join(folder, name);
    symlinkSync(join(folder, 'elsewhere'), path);
    const args = parseArguments(['gc', '--yes', '--results-dir', join(folder, 'results')]);
    await expect(gc(args)).rejects.toMatchObject({ problems: [{ reason: 'results-outside', path }] });
    for (const file of Object.keys(files)) expect(existsSync(join(folder, file))).toBe(true);
  },
);

const refused = ['..', '.', '.hidden', '_trials', '-rf', 'a/b', '../a', '/etc', 'a\\b', 'a b', 'A', 'ä', ''];
test.each([...refused, 'a\0', 'a\n', 'a\u001b[2J', 'a\u202e', 'a'.repeat(65)])(
  '%j cannot be the name of an experiment, and so no folder',
  async (name) => {
    const { reasons } = await problemsIn({ 'sweep.yaml': `name: ${JSON.stringify(name)}` });
    expect(reasons).toEqual(['invalid-name']);
  },
);
