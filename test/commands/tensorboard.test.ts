import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { experiment, newFolder, runner } from '../command-line.js';
import { folderContent } from '../folder-content.js';

test('a run writes event files, and report the same again, byte for byte', { timeout: 120_000 }, async () => {
  const folder = await newFolder(experiment({ seeds: '[2017]' }));
  expect((await runner(folder, ['tiny.yaml', '--tensorboard', 'runs'])).code).toBe(0);
  const written = folderContent(join(folder, 'runs'));
  const name = 'events.out.tfevents.runner';
  expect(Object.keys(written)).toEqual([
    `tiny/augmentation=flip/seed=2017/${name}`,
    `tiny/augmentation=none/seed=2017/${name}`,
  ]);
  for (const to of ['runs', 'again']) {
    expect((await runner(folder, ['report', 'tiny.yaml', '--tensorboard', to])).code).toBe(0);
    expect(folderContent(join(folder, to))).toEqual(written);
  }
  expect((await runner(folder, ['tiny.yaml', '--tensorboard', 'third'])).stderr).toContain(
    'Nothing to train',
  );
  expect(folderContent(join(folder, 'third'))).toEqual(written);
});

test('a folder that cannot be made is reported before anything is trained', async () => {
  const folder = await newFolder(experiment({ seeds: '[2017]' }));
  writeFileSync(join(folder, 'file'), '');
  symlinkSync('circle', join(folder, 'circle'));
  const args = ['tiny.yaml', '--tensorboard', 'file/runs'];
  expect(await runner(folder, args)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--tensorboard: `file/runs` is a file, not a folder') as string,
  });
  const refused = await runner(folder, ['tiny.yaml', '--tensorboard', 'circle']);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('error[not-written]: ');
  expect(existsSync(join(folder, 'results'))).toBe(false);
});
