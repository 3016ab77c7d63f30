/** `save: { models: … }` and `runner predict`, by the program as a user meets it. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultDataset } from '../../src/data/datasets.js';
import type { ModelCard } from '../../src/saving/model-card.js';
import { drawImage } from '../data/own/image-folder.js';
import { experiment, figures, newFolder, runner } from '../command-line.js';
import { python, runPython } from '../python.js';

const yaml = experiment({
  params: '{ alpha: 0.25, resolution: 28, weights: none, epochs: 2, normalization: standardized }',
});
const best = ['--set', 'save.models=best'];
const all = ['--set', 'save.models=all'];
const formats = ['card.json', 'model.keras', 'model.onnx', 'model.safetensors', 'tensorflow-js'];
const goodImages = fileURLToPath(new URL('../fixtures/images/good/', import.meta.url));

const inResults = (folder: string, ...names: string[]) => join(folder, 'results', 'tiny', ...names);
const readCard = async (folder: string, model = 'best') =>
  JSON.parse(await readFile(inResults(folder, 'models', model, 'card.json'), 'utf8')) as ModelCard;

interface Predictions {
  readonly predictions: readonly {
    readonly file: string;
    readonly classes: readonly { readonly name: string; readonly probability: number }[];
  }[];
}

let folder: string;
beforeAll(async () => {
  folder = await newFolder(yaml);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the best model of a sweep', () => {
  test('trials that were finished before: one is trained again, to the same numbers', async () => {
    expect((await runner(folder, ['tiny.yaml'])).code).toBe(0);
    expect(existsSync(inResults(folder, 'models'))).toBe(false);
    expect(existsSync(inResults(folder, 'networks'))).toBe(false);
    const before = await figures(folder);

    const report = await runner(folder, ['report', 'tiny.yaml', ...best]);
    expect(report.code, report.stderr).toBe(0);
    const lacking =
      /^No network was kept of augmentation=\w+ seed=201\d: trained before `save` asked for it/m;
    expect(report.stderr).toMatch(lacking);
    expect(report.stderr).toContain('`runner run tiny.yaml` trains again, to the same numbers.');
    expect(existsSync(inResults(folder, 'models'))).toBe(false);

    const run = await runner(folder, ['tiny.yaml', ...best]);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stderr).toMatch(lacking);
    expect(run.stderr).toContain('. It is trained again, to the same numbers.\n');
    expect(run.stderr).toContain('4 trials, 1 to run');
    expect(run.stderr).toMatch(
      /^Model: results\/tiny\/models\/best \(.*, in the middle of 2 seeds, whose mean is /m,
    );
    expect(await figures(folder)).toEqual(before);
    expect(readdirSync(inResults(folder, 'models', 'best')).sort()).toEqual(formats);
    expect(existsSync(inResults(folder, 'networks'))).toBe(false);

    const again = await runner(folder, ['tiny.yaml', ...best]);
    expect(again.stderr).toContain('Nothing to train: 4 trials already done.');
    expect(again.stderr).not.toContain('No network was kept');
  });

  test('says what it is', async () => {
    const card = await readCard(folder);
    expect(card.classes).toEqual(defaultDataset.classes);
    expect(card.experiment).toContain('Does a flip help on 320 images?');
    expect(card.experiment).toContain('save:\n  models: best\n');
    expect(card.input).toMatchObject({ side: 28, channels: 1, resolution: 28, isMirrored: false });
    expect(card.metric).toMatchObject({ name: 'valAccuracy', cellSeeds: 2 });
    expect(card.metric.value).toBeLessThanOrEqual(card.metric.cellMean); // of two seeds the less good
  });

  test.skipIf(python === null)(
    'Keras and ONNX Runtime evaluate it to the accuracy of the leaderboard',
    async () => {
      const card = await readCard(folder);
      const { directory } = await defaultDataset.find({ dataDir: undefined, onProgress: () => {} });
      const program = `
import gzip, sys, glob, keras, numpy as np, onnxruntime
def idx(name, offset):
    [path] = glob.glob(sys.argv[2] + '/' + name + '*')
    return np.frombuffer((gzip.open if path.endswith('.gz') else open)(path, 'rb').read(), np.uint8, offset=offset)
pixels = idx('t10k-images', 16).reshape(-1, 28, 28, 1)
labels = idx('t10k-labels', 8)
model = keras.saving.load_model(sys.argv[1] + '/model.keras')
model.compile(loss='sparse_categorical_crossentropy', metrics=['accuracy'])
print(model.evaluate(pixels, labels, batch_size=500, verbose=0, return_dict=True)['accuracy'])
session = onnxruntime.InferenceSession(sys.argv[1] + '/model.onnx', providers=['CPUExecutionProvider'])
[probabilities] = session.run(None, {'pixels': pixels})
print((probabilities.argmax(1) == labels).mean())
`;
      const accuracies = (await runPython(program, inResults(folder, 'models', 'best'), directory))
        .trim()
        .split('\n');
      expect(accuracies).toHaveLength(2);
      for (const accuracy of accuracies) expect(Number(accuracy)).toBeCloseTo(card.test!, 6);
    },
  );

  test('runner predict takes real test images for what the trial took them for', async () => {
    const { directory } = await defaultDataset.find({ dataDir: undefined, onProgress: () => {} });
    const { test: images } = await defaultDataset.load(directory);
    await mkdir(join(folder, 'photos'));
    const files = Array.from({ length: 100 }, (_, index) => `photos/${index}.png`);
    for (const [index, file] of files.entries()) {
      const pixels = images.images.subarray(index * 784, (index + 1) * 784);
      const raw = { width: 28, height: 28, channels: 1 } as const;
      await sharp(pixels, { raw }).png().toFile(join(folder, file));
    }
    const { code, stdout, stderr } = await runner(folder, ['predict', 'results/tiny', ...files, '--json']);
    expect(code, stderr).toBe(0);
    const { predictions } = JSON.parse(stdout) as Predictions;
    const correct = predictions.map(({ classes }, index) =>
      Number(classes[0]!.name === defaultDataset.classes[images.labels[index]!]),
    );
    const { trial, epoch } = await readCard(folder);
    const journal = await readFile(inResults(folder, 'journal.jsonl'), 'utf8');
    const line = journal.split('\n').findLast((text) => text.includes(trial.id) && text.includes('"tests"'))!;
    const { tests } = (JSON.parse(line) as { outcome: { tests: { epoch: number; correct: string }[] } })
      .outcome;
    const bits = Buffer.from(tests.find((one) => one.epoch === epoch)!.correct, 'base64');
    expect(correct).toEqual(correct.map((_, index) => (bits[index >> 3]! >> (index & 7)) & 1));
    for (const { classes } of predictions)
      expect(classes.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
  });

  test('runner predict shows five classes of images of every kind', async () => {
    const files = readdirSync(goodImages).map((name) => join(goodImages, name));
    const { code, stdout, stderr } = await runner(folder, ['predict', 'results/tiny/models/best', ...files]);
    expect(code, stderr).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^image +class +probability$/);
    expect(lines).toHaveLength(1 + 5 * files.length);
  });

  test('runner predict says of each image why it cannot be read, and predicts nothing', async () => {
    await writeFile(join(folder, 'empty.jpg'), '');
    const files = ['photos/0.png', 'empty.jpg', 'nowhere.jpg', 'photos'];
    const { code, stdout, stderr } = await runner(folder, ['predict', 'results/tiny', ...files]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(`error[images-unreadable]: 3 of 4 images cannot be read
  = \`empty.jpg\`: it is empty
  = \`nowhere.jpg\`: it is not there
  = \`photos\`: it is a folder
  = readable: JPEG, PNG, WebP, TIFF, AVIF, GIF (its first frame)
  = nothing was predicted
`);
  });
});

test('where the best cell is another, so is the model in its folder', async () => {
  for (const name of ['none', 'flip', 'flip']) {
    const cell = ['--set', 'name=other', '--set', `matrix.augmentation=[${name}]`, '--set', 'seeds=[2017]'];
    const { code, stderr } = await runner(folder, ['tiny.yaml', ...best, ...cell]);
    expect(code, stderr).toBe(0);
    const text = await readFile(join(folder, 'results/other/models/best/card.json'), 'utf8');
    expect((JSON.parse(text) as ModelCard).axes).toEqual({ augmentation: name });
    expect(readdirSync(join(folder, 'results/other/models'))).toEqual(['best']);
  }
});

test('of one’s own images: runner predict takes each test image for what the trial took it for', async () => {
  const classes = ['low', 'middle', 'high'];
  const photos: { readonly file: string; readonly name: string }[] = [];
  for (const [label, name] of classes.entries())
    for (const [part, images] of Object.entries({ train: 30, test: 20 })) {
      await mkdir(join(folder, 'stripes', part, name), { recursive: true });
      for (let index = 0; index < images; index++) {
        const file = join('stripes', part, name, `${index}.png`);
        const number = 1000 * label + 100 * part.length + index;
        await writeFile(join(folder, file), await drawImage(number, label, 30, 20 + (index % 20)));
        if (part === 'test') photos.push({ file, name });
      }
    }
  const own = `name: own
datasets: { stripes: { folder: ./stripes, layout: splits } }
params: { dataset: stripes, alpha: 0.25, weights: none, resolution: 20, fit: pad, epochs: 40, batchSize: 8,
  normalization: standardized, testTimeFlip: true, optimizer: { name: adam, learningRate: 0.003 } }
data: { validation: test }
metric: { select: last }
save: { models: best }
`;
  await writeFile(join(folder, 'own.yaml'), own);
  const run = await runner(folder, ['own.yaml']);
  expect(run.code, run.stderr).toBe(0);
  const text = await readFile(join(folder, 'results/own/models/best/card.json'), 'utf8');
  expect(run.stderr).not.toContain('No network was kept'); // asked for from the start: nothing is trained twice
  expect(existsSync(join(folder, 'results/own/networks'))).toBe(false);
  const { metric, input } = JSON.parse(text) as ModelCard;
  expect(input).toMatchObject({ side: 20, channels: 3, fit: 'pad', background: 255, isMirrored: true });
  const files = photos.map(({ file }) => file);
  const { stdout } = await runner(folder, ['predict', 'results/own', ...files, '--json']);
  const { predictions } = JSON.parse(stdout) as Predictions;
  const correct = predictions.filter(({ classes }, index) => classes[0]!.name === photos[index]!.name);
  expect(correct.length / photos.length).toBeCloseTo(metric.value, 9);
  expect(metric.value).toBeGreaterThan(1 / 3); // it has learnt something
});

test('all models, and gc when their trials are gone', async () => {
  const run = await runner(folder, ['tiny.yaml', ...all, '--set', 'name=all']);
  expect(run.code, run.stderr).toBe(0);
  const models = join(folder, 'results/all/models');
  const cells = ['augmentation=flip', 'augmentation=none'];
  expect(readdirSync(models).sort()).toEqual([...cells, 'best']);
  for (const cell of cells)
    for (const seed of [2017, 2018])
      expect(readdirSync(join(models, cell, `seed-${seed}`)).sort()).toEqual(formats);
  const networks = join(folder, 'results/all/networks');
  expect(readdirSync(networks)).toHaveLength(4); // another metric may select other epochs of them

  const report = await runner(folder, [
    'report',
    'tiny.yaml',
    ...all,
    '--set',
    'name=all',
    '--set',
    'metric.select=last',
  ]);
  expect(report.stderr).not.toContain('No network was kept');
  const text = await readFile(join(models, 'augmentation=none/seed-2018/card.json'), 'utf8');
  expect((JSON.parse(text) as ModelCard).epoch).toBe(2);

  const renamed = ['--set', 'name=all', '--set', 'matrix.epochs=[2]'];
  expect((await runner(folder, ['tiny.yaml', ...all, ...renamed])).stderr).toContain('Nothing to train');
  expect(readdirSync(models).sort()).toEqual([...cells.map((cell) => `${cell},epochs=2`), 'best']);
  expect((await runner(folder, ['tiny.yaml', ...all, '--set', 'name=all'])).code).toBe(0);
  expect(readdirSync(models).sort()).toEqual([...cells, 'best']);

  const fewer = ['--set', 'name=all', '--set', 'matrix.augmentation=[none]'];
  expect((await runner(folder, ['tiny.yaml', ...all, ...fewer])).code).toBe(0);
  const gc = await runner(folder, ['gc', '--yes']);
  expect(gc.stdout).toContain('model of a trial that is not in all any more');
  expect(gc.stdout).toContain('network of a trial that is not in all any more');
  expect(gc.code, gc.stdout).toBe(0);
  expect(readdirSync(networks)).toHaveLength(2);
  expect(readdirSync(join(models, 'augmentation=flip'))).toEqual([]);
  expect(readdirSync(join(models, 'augmentation=none'))).toEqual(['seed-2017', 'seed-2018']);
});
