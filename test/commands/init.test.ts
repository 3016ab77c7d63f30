/** `init --from`: experiments for images of many kinds; each is loaded as a run loads it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/commands/arguments.js';
import { init } from '../../src/commands/init.js';
import { loadPlanAndFiles } from '../../src/commands/load-plan.js';
import { describeProblem } from '../../src/diagnostics/problem.js';
import { RunnerError } from '../../src/diagnostics/runner-error.js';
import { runner } from '../command-line.js';
import { drawClasses, drawImage, writeImages } from '../data/own/image-folder.js';

const quietly = (...args: string[]) => parseArguments([...args, '--quiet']);

/** Writes an experiment for what is at a path of a folder, and plans it. */
async function initFrom(folder: string, path: string, file = 'experiment.yaml') {
  const written = join(folder, file);
  expect(await init(quietly('init', written, '--from', join(folder, path)))).toBe(0);
  const { plan, data } = await loadPlanAndFiles(written, quietly('plan', written));
  expect([plan.cells.length, plan.trials.length, plan.comparisons.length]).toEqual([2, 12, 1]);
  const { params, data: trialData } = plan.trials[0]!;
  const [dataset] = data.own.values();
  return { text: readFileSync(written, 'utf8'), plan, params, data: trialData, dataset: dataset! };
}

/** What is refused, as a user reads it. */
async function refusal(...args: string[]): Promise<string> {
  const error: unknown = await init(quietly('init', ...args)).catch((thrown: unknown) => thrown);
  if (error instanceof RunnerError) return error.problems.map(describeProblem).join('\n');
  if (error instanceof Error) return error.message;
  return expect.unreachable('nothing was refused');
}

const stepsOf = ({
  trainSubset,
  batchSize,
  epochs,
}: Record<'trainSubset' | 'batchSize' | 'epochs', number>) => Math.ceil(trainSubset / batchSize) * epochs;

describe('a folder', () => {
  test('of two small classes: a holdout, batches of four, and many epochs', async () => {
    const folder = writeImages(await drawClasses({ daisies: 10, roses: 10 }, 'flowers/'));
    const { text, plan, params, data } = await initFrom(folder, 'flowers');
    expect(plan).toMatchObject({
      name: 'flowers',
      metric: { name: 'valAccuracy', select: 'last' },
      datasets: [{ name: 'flowers', classes: ['daisies', 'roses'], images: { train: 20, test: null } }],
      budget: { maxTrials: 50 },
    });
    expect(data.validation).toEqual({ holdout: 4 });
    expect(params).toMatchObject({
      dataset: 'flowers',
      alpha: 0.25,
      weights: 'none',
      resolution: 28, // the images have 12
      trainSubset: 16,
      batchSize: 4,
      epochs: 375,
      schedule: { name: 'cosine' },
    });
    expect(stepsOf(params)).toBe(1500);
    expect(text).toContain('flowers: { folder: ./flowers }');
    expect(text).toContain('Found: 20 images of 2 classes in ./flowers, in colour, 12×12 pixels each');
    expect(text).toMatch(/# {3}daisies +10\n# {3}roses +10\n/);
    expect(text).toContain(
      '{ holdout: 0.2 } # 4 of 20 training images; without test images, they judge as well',
    );
    expect(text).not.toContain('classWeights');
  });

  test('with parts: the validation images choose, the test images judge', async () => {
    const folder = writeImages({
      ...(await drawClasses({ a: 200, b: 200 }, 'letters/train/')),
      ...(await drawClasses({ a: 3, b: 3 }, 'letters/val/')),
      ...(await drawClasses({ a: 2, b: 4 }, 'letters/test/')),
    });
    const { text, plan, params, data } = await initFrom(folder, 'letters');
    expect(plan.datasets[0]!.images).toEqual({ train: 400, val: 6, test: 6 });
    expect(data.validation).toBe('val');
    expect(plan.metric.select).toBe('best');
    expect([params.trainSubset, params.batchSize, params.epochs]).toEqual([400, 32, 116]); // 13 steps
    expect(text).toMatch(/# {3}class +train +val +test\n# {3}a +200 +3 +2\n# {3}b +200 +3 +4\n/);
    expect(text).toContain('validation: val # 6 images; the test images judge, once');
  });

  test('with a test folder only: a part of the training images chooses', async () => {
    const folder = writeImages({
      ...(await drawClasses({ a: 20, b: 20 }, 'letters/train/')),
      ...(await drawClasses({ a: 2, b: 2 }, 'letters/test/')),
    });
    const { plan, data } = await initFrom(folder, 'letters');
    expect([data.validation, plan.metric.select]).toEqual([{ holdout: 8 }, 'best']);
  });

  test('of grey images of many sizes: the median decides the resolution', async () => {
    const files: Record<string, Buffer> = {};
    for (let index = 0; index < 10; index++)
      files[`scans/${index % 2 ? 'benign' : 'malignant'}/${index}.png`] = await sharp(
        await drawImage(index, index % 2, 60 + 10 * index, 50 + 10 * index),
      )
        .toColourspace('b-w')
        .png()
        .toBuffer();
    const { text, params, dataset } = await initFrom(writeImages(files), 'scans');
    expect(dataset.decoding.channels).toBe(1);
    expect(params).toMatchObject({ resolution: 64, fit: 'crop' }); // short sides are 50 to 140
    expect(text).toContain('in ./scans, grey, 60×50 to 150×140 pixels');
    expect(text).toContain('the short side of the images has 90 (median)');
  });

  test.each([
    [20, 28],
    [28, 28],
    [40, 40],
    [64, 64],
    [100, 96],
    [200, 128],
  ])('of squares of %i pixels: a resolution of %i', async (side, resolution) => {
    const files: Record<string, Buffer> = {};
    for (let index = 0; index < 20; index++)
      files[`one/${index % 2}/${index}.png`] = await drawImage(index, index % 2, side, side);
    expect((await initFrom(writeImages(files), 'one')).params.resolution).toBe(resolution);
  });

  test('of uneven classes: balanced accuracy, and class weights to be had', async () => {
    const folder = writeImages(await drawClasses({ common: 50, rare: 10 }, 'birds/'));
    const { text, plan, params } = await initFrom(folder, 'birds');
    expect(plan.metric).toEqual({ name: 'valBalancedAccuracy', goal: 'maximize', select: 'last' });
    expect(params.classWeights).toBe('none');
    expect(text).toContain('Note: the largest class, common, has 5 times the images of the smallest, rare');
    const weighted = text.replace('# classWeights', 'classWeights');
    writeFileSync(join(folder, 'weighted.yaml'), weighted);
    const loaded = await loadPlanAndFiles(join(folder, 'weighted.yaml'), quietly('plan', 'x'));
    expect(loaded.plan.trials[0]!.params.classWeights).toBe('balanced');
  });

  test('of classes too small for the usual holdout: a larger one', async () => {
    const folder = writeImages(await drawClasses({ a: 2, b: 2, c: 2 }, 'few/'));
    const { params, data } = await initFrom(folder, 'few');
    expect([data.validation, params.trainSubset, params.batchSize]).toEqual([{ holdout: 3 }, 3, 2]);
  });

  test('of more than 20,000 training images and twenty classes: a part of them, and a table that ends', async () => {
    const image = (index: number) => {
      const pixels = Buffer.alloc(11 + 28 * 2);
      pixels.writeUInt32BE(index);
      return pixels;
    };
    const images = Buffer.concat([
      Buffer.from([0, 0, 8, 3, 0, 0, 0x9c, 0x40, 0, 0, 0, 1, 0, 0, 0, 67]), // 40,000 of 1 × 67
      ...Array.from({ length: 40_000 }, (_, index) => image(index)),
    ]);
    const labels = Buffer.from([
      0,
      0,
      8,
      1,
      0,
      0,
      0x9c,
      0x40,
      ...Array.from({ length: 40_000 }, (_, i) => i % 25),
    ]);
    const folder = writeImages({
      'many/train-images-idx3-ubyte': images,
      'many/train-labels-idx1-ubyte': labels,
    });
    const { text, params } = await initFrom(folder, 'many');
    expect(params).toMatchObject({ trainSubset: 20_000, batchSize: 32, epochs: 3 });
    expect(text).toContain('trainSubset: 20000 # of 32000, for a first answer');
    expect(text).toContain('grey, 67×1 pixels\n');
    expect(text).toContain('#   18      1600\n#   and 6 more classes\n');
  });
});

describe('names that YAML or an experiment would misread', () => {
  test.each([
    ['Été: "roses" #1 & co', 'ete-roses-1-co'],
    ["it's {my} [set], 100%", 'it-s-my-set-100'],
    ['2024', '2024'],
    ['true', 'true-images'],
    ['007', '007-images'],
    ['花', 'images'],
    ['cifar-10', 'cifar-10-images'],
    ['-_dash', 'dash'],
    ['Straße', 'strasse'],
    ['two\nlines', 'two-lines'],
    ['x'.repeat(90), 'x'.repeat(57)],
  ])('%j is %s', async (name, expected) => {
    const folder = writeImages(
      await drawClasses({ 'a: b #c': 5, 'ça "va"': 5, "it's, {1}": 5, 'new\nline: x': 5 }, `${name}/`),
    );
    const { plan, dataset } = await initFrom(folder, name);
    expect([plan.name, dataset.name]).toEqual([expected, expected]);
    expect(dataset.classes).toEqual(['a: b #c', "it's, {1}", 'new\nline: x', 'ça "va"']);
    expect(dataset.train.count).toBe(20);
  });
});

describe('other kinds', () => {
  test('a CSV file, with what it says of parts', async () => {
    const files = await drawClasses({ a: 20, b: 20 }, 'img/');
    const lines = Object.keys(files).map(
      (path, index) => `${path},${path.split('/')[1]},${index % 10 === 0 ? 'test' : 'train'}`,
    );
    const folder = writeImages({ ...files, 'My list.csv': `path,label,split\n${lines.join('\n')}\n` });
    const { text, plan } = await initFrom(folder, 'My list.csv');
    expect(plan.name).toBe('my-list');
    expect(plan.datasets[0]!.images).toEqual({ train: 36, val: null, test: 4 });
    expect(text).toContain('my-list: { csv: ./My list.csv }');
  });

  test('IDX files by other names, labelled from 1, in a folder beside the experiment’s', async () => {
    const idx = (dimensions: readonly number[], values: readonly number[]) => {
      const header = Buffer.alloc(4 + 4 * dimensions.length);
      header.set([0, 0, 8, dimensions.length]);
      for (const [index, size] of dimensions.entries()) header.writeUInt32BE(size, 4 + 4 * index);
      return gzipSync(Buffer.concat([header, Buffer.from(values)]));
    };
    const pixels = Array.from(
      { length: 40 * 28 * 28 },
      (_, index) => (index * 7 + Math.floor(index / 784)) % 256,
    );
    const labels = Array.from({ length: 40 }, (_, index) => 1 + (index % 4));
    const folder = writeImages({
      'data/own-train-images-idx3-ubyte.gz': idx([40, 28, 28], pixels),
      'data/own-train-labels-idx1-ubyte.gz': idx([40], labels),
    });
    const { text, params, dataset } = await initFrom(folder, 'data', 'a/new/one.yaml');
    expect(text).toContain(
      'data: { idx: ../../data, trainImages: own-train-images-idx3-ubyte.gz, trainLabels: own-train-labels-idx1-ubyte.gz, firstLabel: 1 }',
    );
    expect([params.resolution, dataset.classes]).toEqual([28, ['1', '2', '3', '4']]);
    expect(text).toContain('(IDX files), grey, 28×28 pixels each');
  });
});

describe('refused', () => {
  test('as `datasets` refuses it', async () => {
    const folder = writeImages({
      ...(await drawClasses({ a: 2 }, 'one/')),
      ...(await drawClasses({ a: 1, b: 3 }, 'rare/')),
      'loose/1.png': await drawImage(1, 0),
    });
    const from = (name: string) => refusal(join(folder, 'x.yaml'), '--from', join(folder, name));
    expect(await from('lose')).toMatch(
      /^error\[data-path\]: there is no folder `.*\/lose`\n ┌─ --from:1:1\n1 │ .*\/lose\n {2}│ \^+ did you mean `.*\/loose`\?/,
    );
    expect(await from('loose')).toContain('has no folders, and each class needs one');
    expect(await from('one')).toContain('has one class, `a`');
    expect(await from('rare')).toMatch(
      /^error\[class-not-parted\].*\n ┌─ --from:1:1\n.*\n.*`a` has 1 image, and needs one to train on and one to validate/,
    );
    expect(await from('loose/1.png')).toContain('it is a file');
    expect(await from('no.csv')).toContain('there is no file');
    expect(readdirSync(folder).sort()).toEqual(['.cache', 'loose', 'one', 'rare']);
  });

  test('where the results would become a class', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'runner-init-'));
    const here = process.cwd();
    const images = writeImages(await drawClasses({ a: 5, b: 5 }, 'flowers/'));
    try {
      process.chdir(join(images, 'flowers'));
      expect(await refusal(join(folder, 'x.yaml'), '--from', '.')).toContain(
        'holds the working folder, so `results` would be written among its classes',
      );
    } finally {
      process.chdir(here);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('where there is a file, before anything is read', async () => {
    const folder = writeImages({ 'x.yaml': 'mine' });
    expect(await refusal(join(folder, 'x.yaml'), '--from', 'nowhere')).toContain('it exists already');
    expect(readFileSync(join(folder, 'x.yaml'), 'utf8')).toBe('mine');
  });
});

test('a file in a folder that is a link gets the whole path, and loads from anywhere', async () => {
  const folder = writeImages(await drawClasses({ a: 5, b: 5 }, 'flowers/'));
  mkdirSync(join(folder, 'far/away'), { recursive: true });
  symlinkSync(join(folder, 'far/away'), join(folder, 'link'));
  const { text } = await initFrom(folder, 'flowers', 'link/x.yaml');
  expect(text).toContain(`{ folder: ${JSON.stringify(join(folder, 'flowers')).slice(1, -1)} }`);
  const real = join(folder, 'far/away/x.yaml');
  expect((await loadPlanAndFiles(real, quietly('plan', real))).plan.trials).toHaveLength(12);
});

test('the program: what it writes runs as it is', async () => {
  const folder = writeImages(await drawClasses({ daisies: 10, roses: 10 }, 'my flowers/'));
  const written = await runner(folder, ['init', '--from', 'my flowers']);
  expect(written).toMatchObject({ code: 0, stdout: '' });
  expect(written.stderr).toContain('next: runner plan experiment.yaml');
  const output = await runner(folder, ['init', '--from', './my flowers', '-']);
  expect(output.stdout).toBe(readFileSync(join(folder, 'experiment.yaml'), 'utf8'));
  const fast = ['--set', 'params.epochs=1', '--set', 'seeds=[1, 2]'];
  const { code, stderr } = await runner(folder, ['experiment.yaml', ...fast]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('4 trials')]);
  const leaderboard = readFileSync(join(folder, 'results/my-flowers/leaderboard.csv'), 'utf8');
  expect(leaderboard.trimEnd().split('\n')).toHaveLength(3);
});
