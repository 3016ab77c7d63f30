/** One's own images through the whole program: what happens to files, packs and trials when something goes wrong. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openOwnDataset } from '../../src/data/own/open-own-dataset.js';
import { ensurePack } from '../../src/data/pack/pack.js';
import { cacheDirectory } from '../../src/system/cache-directory.js';
import { RunnerError } from '../../src/diagnostics/runner-error.js';
import { experiment, figures, newFolder, runner, RunningRunner } from '../command-line.js';
import { drawClasses, drawImage, entryOf } from '../data/own/image-folder.js';

/** Two trials on 90 images of three classes. */
const own = (fields: Record<string, string> = {}) =>
  experiment({
    datasets: '{ stripes: { folder: ./photos } }',
    params:
      '{ dataset: stripes, alpha: 0.25, weights: none, resolution: 12, epochs: 2, batchSize: 16, dropout: 0 }',
    seeds: '[2017]',
    data: '{}',
    ...fields,
  });

let folder: string;
beforeEach(async () => {
  folder = await newFolder(own());
  write(await drawClasses({ low: 30, middle: 30, high: 30 }, 'photos/'));
});
afterEach(() => {
  removePacks();
  rmSync(folder, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, Buffer | string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const run = (...args: string[]) => runner(folder, ['tiny.yaml', ...args]);

const place = join(cacheDirectory(), 'data/packs');

/** The packs that were made of the test's images. */
const packs = (): string[] =>
  (existsSync(place) ? readdirSync(place) : []).filter((name) => {
    const meta = JSON.parse(readFileSync(join(place, name, 'meta.json'), 'utf8')) as { source: string };
    return meta.source.startsWith(realpathSync(folder));
  });

const removePacks = () => {
  for (const name of packs()) rmSync(join(place, name), { recursive: true });
};

test('the same trials after every file is renamed and the folder is moved', async () => {
  expect((await run()).code).toBe(0);
  const before = await figures(folder);
  for (const name of ['low', 'middle', 'high'])
    for (const [index, file] of readdirSync(join(folder, 'photos', name))
      .reverse()
      .entries())
      renameSync(join(folder, 'photos', name, file), join(folder, 'photos', name, `renamed ${index}.jpeg`));
  renameSync(join(folder, 'photos'), join(folder, 'elsewhere'));
  writeFileSync(join(folder, 'tiny.yaml'), own({ datasets: '{ stripes: { folder: ./elsewhere } }' }));
  const again = await run();
  expect([again.code, again.stderr]).toEqual([
    0,
    expect.stringContaining('Nothing to train: 2 trials already done.'),
  ]);
  await run('--results-dir', 'fresh');
  expect(await figures(folder, 'fresh')).toEqual(before);
});

test('two images more: other trials; those trained before stay as they are, and are taken again without them', async () => {
  expect((await run()).code).toBe(0);
  const store = join(folder, 'results/_trials');
  const records = () =>
    readdirSync(store)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name, readFileSync(join(store, name), 'utf8')]);
  const before = records();
  expect(before).toHaveLength(2);
  const added = {
    'photos/low/30.png': await drawImage(5000, 0),
    'photos/high/copy.png': readFileSync(join(folder, 'photos/low/0.png')),
  };
  write(added);
  const plan = (await runner(folder, ['plan', 'tiny.yaml'])).stdout;
  expect(plan).toContain('trials: 2 new');
  expect(plan).toContain('2 trials trained before are new again: dataSha256 was ');
  expect(plan).toContain('1 image has two labels: high/copy.png (high) = low/0.png (low)');
  expect((await run()).code).toBe(0);
  expect(records()).toEqual(expect.arrayContaining(before));
  expect(records()).toHaveLength(4);
  expect(packs()).toHaveLength(2);
  for (const name of Object.keys(added)) rmSync(join(folder, name));
  const again = (await runner(folder, ['plan', 'tiny.yaml'])).stdout;
  expect(again).toContain('trials: 2 done');
  expect(again).not.toContain('two labels');
});

test('killed while it decodes: nothing half-made is used, and the trials are those of an undisturbed run', async () => {
  for (const milliseconds of [350, 500, 650, 800]) {
    const started = new RunningRunner(folder, ['tiny.yaml']);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    started.killGroup('SIGKILL');
    await started.result;
  }
  expect((await run()).code).toBe(0);
  const interrupted = await figures(folder);
  expect(packs()).toHaveLength(1);
  removePacks();
  expect((await run('--results-dir', 'undisturbed')).code).toBe(0);
  expect(await figures(folder, 'undisturbed')).toEqual(interrupted);
  expect(packs()).toHaveLength(1);
});

test('setup FILE decodes what its trials need: the run then decodes nothing, and another setup changes nothing', async () => {
  const setup = () => runner(folder, ['setup', 'tiny.yaml']);
  const { code, stdout } = await setup();
  const [pack] = packs();
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^engine: TensorFlow .*\ndata: \S+\/data\/packs\/[0-9a-f]{64} \(stripes\)\n$/),
  ]);
  expect(stdout).toContain(`/${pack} (stripes)`);
  const { ino } = statSync(join(place, pack!, 'train.images'));
  expect((await setup()).stdout).toBe(stdout);
  expect((await run()).code).toBe(0);
  expect(packs()).toEqual([pack]);
  expect(statSync(join(place, pack!, 'train.images')).ino).toBe(ino);
  const wrong = await runner(folder, ['setup', 'nowhere.yaml']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('nowhere.yaml')]);
});

test('trials never touch the originals: these may be gone when training has begun', async () => {
  const started = new RunningRunner(folder, ['tiny.yaml', '--concurrency', '1']);
  await started.said(/ epoch 1\/2,/);
  rmSync(join(folder, 'photos'), { recursive: true });
  const { code, stdout } = await started.result;
  expect([code, stdout]).toEqual([0, expect.stringContaining('valAccuracy')]);
});

describe('damaged images', () => {
  const cut = () => {
    for (const name of ['low/0.png', 'high/7.png']) {
      const path = join(folder, 'photos', name);
      const content = readFileSync(path);
      writeFileSync(path, content.subarray(0, content.length - 60)); // its header is right
    }
  };

  test('are told all at once, with names and reasons, and nothing is trained', async () => {
    cut();
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain(`error[bad-images]: 2 of 90 images of stripes cannot be read
  = \`high/7.png\`: cut short: its end is missing
  = \`low/0.png\`: cut short: its end is missing
  = nothing was trained
  = next: replace or delete these files; or train without them: \`badImages: skip\``);
    expect(existsSync(join(folder, 'results/tiny/journal.jsonl'))).toBe(false);
    expect(packs()).toEqual([]);
  });

  test('are left out where that is asked for, the first time and the next', async () => {
    cut();
    writeFileSync(
      join(folder, 'tiny.yaml'),
      own({ datasets: '{ stripes: { folder: ./photos, badImages: skip } }' }),
    );
    const first = await run();
    expect(first.code).toBe(0);
    const again = await run();
    expect(again.stderr).toContain('Nothing to train: 2 trials already done.');
    const plan = await runner(folder, ['plan', 'tiny.yaml']);
    expect(plan.stdout).toContain('2 images left out, since they cannot be read: `high/7.png`: cut short');
    write(await drawClasses({ low: 1 }, 'photos/'));
    const mended = await runner(folder, ['plan', 'tiny.yaml']);
    expect(mended.stdout).toContain('trials: 2 new');
    expect(mended.stdout).toContain('dataSha256 was');
  });
});

test('a file that changes behind the plan is refused before anything is trained', async () => {
  const photos = join(folder, 'photos');
  const dataset = await openOwnDataset(entryOf(photos), () => {});
  writeFileSync(join(photos, 'low/3.png'), readFileSync(join(photos, 'low/4.png')));
  const options = { side: 12, fit: 'crop' } as const;
  const pack = ensurePack(
    dataset,
    options,
    () => {},
    () => {},
  );
  const error: unknown = await pack.catch((thrown: unknown) => thrown);
  expect(error instanceof RunnerError && error.problems).toEqual([
    { kind: 'environment', reason: 'data-changed', title: 'flowers', path: 'low/3.png', folder: photos },
  ]);
  expect(packs()).toEqual([]);
});

test('the same images as PNGs and as IDX files train to the same digits', async () => {
  const [count, side] = [90, 12];
  const sharp = (await import('sharp')).default;
  const images = Buffer.from(Uint8Array.from({ length: count * side * side }, (_, at) => (at * 7919) % 251));
  const header = (...shape: number[]) =>
    Buffer.concat([
      Buffer.from([0, 0, 8, shape.length]),
      ...shape.map((size) => Buffer.from([size >> 24, size >> 16, size >> 8, size])),
    ]);
  const lines: string[] = [];
  for (let index = 0; index < count; index++) {
    const pixels = images.subarray(index * side * side, (index + 1) * side * side);
    const png = await sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    write({ [`pngs/${index}.png`]: png });
    lines.push(`${index}.png,${index % 3}`);
  }
  write({
    'pngs/labels.csv': `path,label\n${lines.join('\n')}\n`,
    'idx/train-images-idx3-ubyte': Buffer.concat([header(count, side, side), images]),
    'idx/train-labels-idx1-ubyte': Buffer.concat([
      header(count),
      Buffer.from(lines.map((_, index) => index % 3)),
    ]),
    'tiny.yaml': own({
      datasets: '{ pngs: { csv: pngs/labels.csv, order: file }, idx: { idx: ./idx, order: file } }',
      params: '{ alpha: 0.25, weights: none, resolution: 12, epochs: 2, batchSize: 16 }',
      matrix: '{ dataset: [pngs, idx] }',
    }),
  });
  expect((await run()).code).toBe(0);
  const rows = readFileSync(join(folder, 'results/tiny/epochs.csv'), 'utf8').trim().split('\n').slice(1);
  const numbersOf = (name: string) =>
    rows.filter((row) => row.includes(`,${name},`)).map((row) => row.split(',').slice(2, -1));
  expect(numbersOf('pngs')).toHaveLength(2);
  expect(numbersOf('idx')).toEqual(numbersOf('pngs'));
});
