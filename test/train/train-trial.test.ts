/** Training that was cut short and goes on, against training that was not. */
import { copyFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { initialValues } from '../../src/model/initial-values.js';
import { createNetwork } from '../../src/model/create-network.js';
import { tf } from '../../src/engine/tfjs.js';
import type { Trial, TrialParams } from '../../src/plan/plan.js';
import type { ImageFacts } from '../../src/train/pipeline.js';
import type { EpochRecord } from '../../src/trial/outcome.js';
import { readCheckpoint, writeCheckpoint } from '../../src/train/checkpoint.js';
import { Classifier } from '../../src/train/classifier.js';
import { trainTrial } from '../../src/train/train-trial.js';
import { imageFacts } from '../facts.js';
import { defaultAugmentations } from '../params.js';
import {
  curve,
  engine,
  Interruption,
  numbersOf,
  squares,
  train as trainCourse,
  trialOf,
  type Course,
} from './course.js';
import { initialSeeds } from '../../src/train/random-streams.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-trial-'));
  path = join(folder, 'trial.checkpoint');
});
afterEach(() => rm(folder, { recursive: true }));

/** To `path`, unless told otherwise. */
const train = (
  trial: Trial,
  options: { every?: number; at?: string; until?: number } = {},
): Promise<Course> => trainCourse(trial, { at: path, ...options });

async function stateAt(file: string, trial: Trial) {
  const network = createNetwork(trial.params, imageFacts);
  const initial = initialValues(network, initialSeeds(0), null);
  const classifier = new Classifier(network, initial, trial.params.optimizer);
  const state = await readCheckpoint(file, { trialId: trial.id, engine }, classifier.layout);
  classifier.dispose();
  return state!;
}

const setups: Record<string, Partial<TrialParams>> = {
  'SGD with momentum, a warm-up and half a cosine': {
    optimizer: { name: 'sgd', learningRate: 0.05, momentum: 0.9 },
    schedule: { name: 'cosine', warmupEpochs: 1.5 },
  },
  'Adam with dropout and label smoothing': {
    optimizer: { name: 'adam', learningRate: 1e-3 },
    dropout: 0.5,
    labelSmoothing: 0.1,
  },
  'AdamW with every augmentation': {
    optimizer: { name: 'adamw', learningRate: 1e-3, weightDecay: 0.01 },
    augmentation: [
      defaultAugmentations.horizontalFlip!,
      defaultAugmentations.randomMask!,
      defaultAugmentations.randomCrop!,
      defaultAugmentations.randomBrightness!,
      defaultAugmentations.randomContrast!,
      defaultAugmentations.cutout!,
      defaultAugmentations.mixup!,
    ],
  },
  'RMSprop with falling steps, on smaller images': {
    resolution: 20,
    optimizer: { name: 'rmsprop', learningRate: 1e-3 },
    schedule: { name: 'step', warmupEpochs: 0, everyEpochs: 1, factor: 0.5 },
  },
  'pretrained weights with frozen blocks, and flips in evaluation': {
    weights: 'imagenet',
    frozenBlocks: 5,
    normalization: 'symmetric',
    testTimeFlip: true,
  },
};

test.each(Object.entries(setups))(
  '%s: after an interruption the numbers and the state are those of undisturbed training',
  async (_title, params) => {
    const trial = trialOf(params);
    const [one, other] = [join(folder, 'one'), join(folder, 'other')];
    const undisturbed = await train(trial, { at: one });
    const first = await train(trial, { at: other, until: 1 });
    const second = await train(trial, { at: other });
    expect(first.epochs).toEqual(undisturbed.epochs.slice(0, 1));
    expect(second.epochs).toEqual(undisturbed.epochs.slice(1)); // none is trained twice
    expect(curve(second)).toEqual(curve(undisturbed));
    expect(new Set(curve(second).map(({ valLoss }) => valLoss)).size).toBe(4);
    const [expected, actual] = [await stateAt(one, trial), await stateAt(other, trial)]; // after epoch 3
    expect(actual.epochs.map(numbersOf)).toEqual(expected.epochs.map(numbersOf));
    for (const [index, { name, values }] of expected.tensors.entries())
      expect(Buffer.from(values.buffer).equals(Buffer.from(actual.tensors[index]!.values.buffer)), name).toBe(
        true,
      );
  },
);

test('checkpoints change no number, and any number of interruptions none either', async () => {
  const trial = trialOf({});
  const without = await train(trial, { every: 0 });
  expect(await readFile(path).catch(() => null)).toBeNull();
  for (const until of [1, 2, 2, 3]) await train(trial, { until });
  expect(curve(await train(trial))).toEqual(curve(without));
});

test('training goes on from the last checkpoint, which need not be of the last epoch', async () => {
  const trial = trialOf({ epochs: 5 });
  const interrupted = await train(trial, { every: 2, until: 3 });
  const rest = await train(trial, { every: 2 });
  expect(interrupted.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  expect(rest.epochs.map(({ epoch }) => epoch)).toEqual([3, 4, 5]);
  expect(rest.epochs[0]).toEqual(interrupted.epochs[2]);
});

test('none is written after the last epoch, nor where early stopping makes one the last', async () => {
  const trial = trialOf({ epochs: 3 });
  await train(trial);
  expect((await stateAt(path, trial)).epochs).toHaveLength(2);
  const stopping = trialOf({ epochs: 6, earlyStopping: { patience: 2, minDelta: 100 } }, 'c3d4');
  expect(curve(await train(stopping))).toHaveLength(3);
  expect((await stateAt(path, stopping)).epochs).toHaveLength(2);
});

test('early stopping counts the epochs before the interruption', async () => {
  const trial = trialOf({ epochs: 6, earlyStopping: { patience: 2, minDelta: 100 } });
  await train(trial, { until: 2 });
  expect(curve(await train(trial)).map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
});

test('divergence is found where it is found without an interruption', async () => {
  // The steps up to epoch 2 are harmless; then the learning rate is more than a float32 holds.
  const trial = trialOf({
    optimizer: { name: 'sgd', learningRate: 1e-3, momentum: 0 },
    schedule: { name: 'step', warmupEpochs: 0, everyEpochs: 2, factor: 1e45 },
  });
  const undisturbed = await train(trial, { every: 0 });
  await train(trial, { until: 2 });
  const resumed = await train(trial);
  for (const { outcome } of [undisturbed, resumed]) {
    if (outcome?.status !== 'diverged') return expect.unreachable(`it ended ${outcome?.status}`);
    expect([outcome.epoch, outcome.step]).toEqual([3, 3]);
    expect(outcome.epochs.map(numbersOf)).toEqual(undisturbed.epochs);
  }
});

test('seconds and memory are those of both parts, and the seconds left those of the steps left', async () => {
  const trial = trialOf({});
  await train(trial, { until: 2 });
  const state = await stateAt(path, trial);
  const weeks = 3_000_000;
  const memory = 2 ** 50;
  await writeCheckpoint(
    path,
    { trialId: trial.id, engine },
    { ...state, trainSeconds: weeks, peakBytes: memory },
  );
  const { outcome, progress } = await train(trial);
  expect(outcome).toMatchObject({ status: 'completed', peakBytes: memory });
  expect((outcome as { trainSeconds: number }).trainSeconds).toBeGreaterThan(weeks);
  expect(progress.map(({ epoch, step }) => [epoch, step])).toEqual(
    [3, 4].flatMap((epoch) => [1, 2, 3].map((step) => [epoch, step])),
  );
  expect(progress.at(-1)!.secondsLeft).toBe(0);
  for (const { secondsLeft } of progress.slice(0, -1)) {
    expect(secondsLeft).toBeGreaterThan(0);
    expect(secondsLeft).toBeLessThan(weeks); // the weeks were another process'
  }
});

const damages: Record<string, (file: string) => Promise<unknown>> = {
  'an empty file': (file) => truncate(file),
  'a file cut short': (file) => truncate(file, 100_000),
  'one bit flipped in a weight': async (file) => {
    const content = await readFile(file);
    content[content.length - 1000]! ^= 1;
    await writeFile(file, content);
  },
  'a folder': async (file) => {
    await rm(file);
    await mkdir(file);
  },
  'another trial’s': async (file) => {
    await train(trialOf({ dropout: 0.25 }, 'c3d4'), { at: `${file}.other`, until: 1 });
    await copyFile(`${file}.other`, file);
  },
};

test.each(Object.entries(damages))(
  'in place of the checkpoint %s: training starts again',
  async (_, damage) => {
    const trial = trialOf({ epochs: 2 });
    const { epochs } = await train(trial, { until: 1 });
    await damage(path);
    const again = await train(trial);
    expect(again.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(again.epochs[0]).toEqual(epochs[0]);
  },
);

const heldOut = { validation: { holdout: 100 } };
const ways: Record<string, [Partial<TrialParams>, (trial: Trial) => Promise<unknown>]> = {
  completed: [{}, (trial) => train(trial, { every: 0 })],
  'completed from a checkpoint': [{ dropout: 0 }, (trial) => train(trial)],
  'ended by early stopping': [
    { earlyStopping: { patience: 1, minDelta: 100 } },
    (trial) => train(trial, { every: 0 }),
  ],
  diverged: [
    { optimizer: { name: 'sgd', learningRate: 1e38, momentum: 0 } },
    async (trial) => expect((await train(trial, { every: 0 })).outcome!.status).toBe('diverged'),
  ],
  'tested after training': [{}, (trial) => train({ ...trial, data: heldOut }, { every: 0 })],
  'interrupted by an error in the test after training': [
    { epochs: 1 },
    async (trial) => {
      let signs = 0;
      const alive = () => {
        if (++signs === 5) throw new Interruption(); // start, validation, end of the epoch, upload, first batch
      };
      const job = { trial: { ...trial, data: heldOut }, facts: imageFacts, images: squares };
      const listener = { progress: () => {}, epoch: () => {}, alive };
      await expect(
        trainTrial({ ...job, pretrained: null, engine, checkpoint: null }, listener),
      ).rejects.toThrow(Interruption);
    },
  ],
  'interrupted by an error in a step': [{}, (trial) => train(trial, { every: 0, until: 1 })],
  'interrupted by an error in an evaluation': [
    {},
    async (trial) => {
      let evaluations = 0;
      const alive = () => {
        if (++evaluations === 2) throw new Interruption();
      };
      const job = { trial, facts: imageFacts, images: squares, pretrained: null, engine, checkpoint: null };
      await expect(trainTrial(job, { progress: () => {}, epoch: () => {}, alive })).rejects.toThrow(
        Interruption,
      );
    },
  ],
  'refused by the engine': [
    { augmentation: [{ name: 'randomCrop', padding: -0.25, fill: 0 }] },
    (trial) => expect(train(trial, { every: 0 })).rejects.toThrow('TF_Status'),
  ],
  'given values of other shapes': [
    {},
    async (trial) => {
      const pretrained = new Map([['conv1_bn/gamma', new Float32Array(3)]]);
      const job = { trial, facts: imageFacts, images: squares, pretrained, engine, checkpoint: null };
      const listener = { progress: () => {}, epoch: () => {}, alive: () => {} };
      await expect(trainTrial(job, listener)).rejects.toThrow('shape');
    },
  ],
};
test.each(Object.entries(ways))('no tensor is left of a trial that was %s', async (way, [params, run]) => {
  const trial = trialOf({ epochs: 2, ...params });
  if (way.includes('checkpoint')) await train(trial, { until: 1 });
  await run(trial); // shapes of tensors are kept for good, once per process
  const before = tf.memory();
  await run(trial);
  const after = tf.memory();
  expect([after.numTensors, after.numBytes]).toEqual([before.numTensors, before.numBytes]);
});

const otherSets: Record<string, [shape: ImageFacts['shape'], classes: number, Partial<TrialParams>]> = {
  '12 × 12 pixels, 3 classes': [[12, 12, 1], 3, { resolution: 12 }],
  '9 × 9 pixels, bytes that do not fill integers, 2 classes': [[9, 9, 1], 2, { resolution: 16 }],
  '14 × 10 pixels, 5 classes, mixup': [
    [14, 10, 1],
    5,
    {
      resolution: 20,
      normalization: 'standardized',
      augmentation: [defaultAugmentations.mixup!],
    },
  ],
};
test.each(Object.entries(otherSets))(
  'learns a data set of %s',
  async (_, [[height, width, channels], classes, params]) => {
    const facts = {
      shape: [height, width, channels] as const,
      classes: Array.from({ length: classes }, (_, index) => `stripe ${index}`),
      mean: [0.3],
      deviation: [0.35],
    };
    // The rows of each class are bright in its own stripe.
    const stripes = (count: number) => ({
      images: Uint8Array.from({ length: count * height * width }, (_, index) => {
        const [image, pixel] = [Math.floor(index / (height * width)), index % (height * width)];
        const stripe = Math.floor((Math.floor(pixel / width) * classes) / height);
        return stripe === image % classes ? 200 + ((index * 7919) % 55) : (index * 7919) % 61;
      }),
      labels: Uint8Array.from({ length: count }, (_, index) => index % classes),
    });
    const trial = trialOf({ trainSubset: 60, epochs: 40, dropout: 0, ...params });
    const records: EpochRecord[] = [];
    const listener = {
      progress: () => {},
      alive: () => {},
      epoch: (record: EpochRecord) => void records.push(record),
    };
    const job = {
      trial: { ...trial, data: { validation: { holdout: 20 } } },
      facts,
      images: { train: stripes(80), val: null, test: stripes(20) },
      pretrained: null,
      engine,
      checkpoint: null,
    };
    expect(await trainTrial(job, listener)).toMatchObject({
      status: 'completed',
      parameters: 218_544 + 257 * classes,
    });
    expect(records[0]!.trainLoss).toBeLessThan(2 * Math.log(classes));
    expect(records.at(-1)!.trainAccuracy).toBeGreaterThan(0.9);
  },
);

test('images of two channels are refused: they are neither grey nor colour', async () => {
  const facts = { ...imageFacts, shape: [28, 28, 2] as const };
  const job = { trial: trialOf({}), facts, images: squares, pretrained: null, engine, checkpoint: null };
  const listener = { progress: () => {}, epoch: () => {}, alive: () => {} };
  await expect(trainTrial(job, listener)).rejects.toThrow('Expected images of 1 or 3 channels, got 2');
});
