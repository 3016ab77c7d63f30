/** What the test images say of the epochs that a metric may select: of undisturbed training, and of training cut short. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TrialParams, Validation } from '../../src/plan/plan.js';
import type { EpochRecord, TestRecord } from '../../src/trial/outcome.js';
import {
  decodeConfusion,
  decodeMisses,
  decodeProbabilities,
  type PredictionRecord,
} from '../../src/trial/predictions.js';
import { curve, squares, train, trialOf, type Course } from './course.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-candidates-'));
  path = join(folder, 'trial.checkpoint');
});
afterEach(() => rm(folder, { recursive: true }));

const holdout = { holdout: 100 };
const validations: [string, Validation][] = [
  ['held-out images', holdout],
  ['the test images', 'test'],
];

function testsOf({ outcome }: Course): readonly TestRecord[] {
  if (outcome?.status !== 'completed') return expect.unreachable(`it ended ${outcome?.status}`);
  return outcome.tests!;
}

function predictionsOf({ outcome }: Course): readonly PredictionRecord[] {
  if (outcome?.status !== 'completed') return expect.unreachable(`it ended ${outcome?.status}`);
  return outcome.predictions!;
}

/** As a metric selects them. */
function candidatesOf(epochs: readonly Omit<EpochRecord, 'seconds'>[]): number[] {
  const highest = (['valAccuracy', 'valBalancedAccuracy', 'valMacroF1', 'valTop5'] as const).map((name) => {
    const values = epochs.map((epoch) => epoch[name]!);
    return values.indexOf(Math.max(...values));
  });
  const losses = epochs.map(({ valLoss }) => valLoss);
  const places = [...highest, losses.indexOf(Math.min(...losses)), epochs.length - 1];
  return [...new Set(places.map((place) => place + 1))].sort((a, b) => a - b);
}

const ones = ({ correct }: Pick<TestRecord, 'correct'>): number =>
  [...Buffer.from(correct, 'base64')].reduce(
    (sum, byte) => sum + byte.toString(2).replaceAll('0', '').length,
    0,
  );

/** Of accuracies and losses that go up and down: the best epochs are in the middle. */
const restless: Partial<TrialParams> = {
  weights: 'imagenet',
  frozenBlocks: 11,
  epochs: 8,
  dropout: 0,
  batchSize: 8,
  optimizer: { name: 'adam', learningRate: 0.03 },
};

/** The loss is lowest in another epoch than the accuracy is highest. */
const slow: Partial<TrialParams> = {
  epochs: 8,
  dropout: 0,
  batchSize: 8,
  optimizer: { name: 'adam', learningRate: 0.01 },
};

test.each(
  validations.flatMap(([name, validation]) =>
    [restless, slow].map((params) => [name, 3, validation, params] as const),
  ),
)(
  'validated on %s, %i candidates: killed before and after the best epoch, it has them to the last digit',
  async (_, count, on, params) => {
    const trial = trialOf(params, 'a1b2', on);
    const undisturbed = await train(trial, { at: path, every: 0 });
    const tests = testsOf(undisturbed);
    const epochs = tests.map(({ epoch }) => epoch);
    expect(epochs).toEqual(candidatesOf(curve(undisturbed)));
    expect(epochs).toHaveLength(count);
    expect(epochs.at(-2)).toBeGreaterThan(1); // interruptions come before and behind it
    for (const until of new Set([1, epochs.at(-2)! - 1, epochs.at(-2)!, 7])) {
      await rm(path, { force: true });
      await train(trial, { at: path, until });
      const continued = await train(trial, { at: path });
      expect(continued.epochs[0]!.epoch).toBe(until + 1);
      expect(curve(continued)).toEqual(curve(undisturbed));
      expect(testsOf(continued), `after epoch ${until}`).toEqual(tests);
      expect(predictionsOf(continued)).toEqual(predictionsOf(undisturbed));
    }
  },
);

test('held-out validation changes nothing of what the test images say of an epoch', async () => {
  const [heldOut, onTest] = await Promise.all(
    [holdout, 'test' as const].map((validation) =>
      train(trialOf(restless, 'a1b2', validation), { at: path, every: 0 }),
    ),
  );
  const tests = testsOf(heldOut!);
  expect(tests.length).toBeGreaterThan(1);
  for (const { epoch, testLoss, testAccuracy } of tests) {
    const { valLoss, valAccuracy } = curve(onTest!)[epoch - 1]!;
    expect([testLoss, testAccuracy]).toEqual([valLoss, valAccuracy]);
  }
  const last = tests.at(-1)!;
  expect(testsOf(onTest!).at(-1)).toEqual(last); // bits and hash, too
  const sha256 = createHash('sha256').update('test').update(squares.test.labels).digest('hex');
  expect(last).toMatchObject({ images: 300, imagesSha256: sha256 });
});

test.each(validations)(
  'what images were taken for agrees with their bits, validated on %s',
  async (_, on) => {
    const course = await train(trialOf(restless, 'a1b2', on), { at: path, every: 0 });
    const [tests, predictions] = [testsOf(course), predictionsOf(course)];
    expect(predictions.map(({ epoch, part }) => [epoch, part])).toEqual(
      tests.map(({ epoch }) => [epoch, 'test']),
    );
    const accuracies = curve(course).map(({ valAccuracy }) => valAccuracy);
    const best = accuracies.indexOf(Math.max(...accuracies)) + 1;
    for (const [index, record] of predictions.entries()) {
      const bits = Buffer.from(tests[index]!.correct, 'base64');
      const isRight = (image: number) => (bits[image >> 3]! >> (image & 7)) & 1;
      const counts = decodeConfusion(record);
      const rows = Array.from({ length: 10 }, (_, label) => [
        ...counts.subarray(10 * label, 10 * label + 10),
      ]);
      expect(rows.map((row) => row.reduce((sum, value) => sum + value))).toEqual(Array(10).fill(30));
      expect(rows.reduce((sum, row, label) => sum + row[label]!, 0)).toBe(ones(tests[index]!));
      const misses = decodeMisses(record);
      const wrong = Array.from({ length: 300 }, (_, image) => image).filter((image) => !isRight(image));
      expect(wrong.length).toBeGreaterThan(0);
      const kept = decodeProbabilities(record);
      expect(kept !== null).toBe([best, predictions.at(-1)!.epoch].includes(record.epoch));
      expect(misses.map(({ image }) => image)).toEqual(
        wrong.length <= 96 ? wrong : misses.map(({ image }) => image),
      );
      const taken = rows.map((row) => row.map(() => 0));
      for (const { image, predicted, predictedProbability, labelProbability } of misses) {
        taken[image % 10]![predicted]!++;
        expect(predictedProbability).toBeGreaterThanOrEqual(labelProbability);
        if (kept)
          expect(Math.abs(kept[image]! - labelProbability)).toBeLessThanOrEqual(0.5 / 15 + 0.5001 / 255);
        expect(predictedProbability + labelProbability).toBeLessThanOrEqual(1 + 1 / 255);
      }
      if (wrong.length <= 96)
        expect(taken).toEqual(rows.map((row, label) => row.map((value, at) => (at === label ? 0 : value))));
    }
  },
);

test('without test images it is the validation images, with bits of their own', async () => {
  const course = await train(trialOf(restless, 'a1b2', { holdout: 100 }), {
    at: path,
    every: 0,
    images: { ...squares, test: null },
  });
  expect(testsOf(course)).toEqual([]);
  const predictions = predictionsOf(course);
  expect(predictions.map(({ epoch }) => epoch)).toEqual(candidatesOf(curve(course)));
  for (const { epoch, part, images, correct } of predictions) {
    expect([part, images]).toEqual(['validation', 100]);
    const right = ones({ correct: correct! });
    expect(Math.fround(right / 100)).toBe(Math.fround(curve(course)[epoch - 1]!.valAccuracy));
  }
});

test.each([true, false])('the bits are those of the accuracy, with testTimeFlip %s', async (testTimeFlip) => {
  for (const [, validation] of validations) {
    const course = await train(trialOf({ ...restless, testTimeFlip }, 'a1b2', validation), {
      at: path,
      every: 0,
    });
    const tests = testsOf(course);
    for (const record of tests) {
      expect(Buffer.from(record.correct, 'base64')).toHaveLength(38);
      expect(Math.fround(ones(record) / 300)).toBe(Math.fround(record.testAccuracy));
    }
    expect(new Set(tests.map(ones)).size).toBeGreaterThan(1);
  }
});

test.each(validations)('of one epoch, and of one that early stopping made the last, on %s', async (_, on) => {
  const one = await train(trialOf({ epochs: 1 }, 'a1b2', on), { at: path, every: 0 });
  expect(testsOf(one).map(({ epoch }) => epoch)).toEqual([1]);
  const earlyStopping = { patience: 2, minDelta: 100 };
  const stopped = await train(trialOf({ ...restless, earlyStopping }, 'a1b2', on), { at: path });
  expect(curve(stopped)).toHaveLength(3);
  expect(testsOf(stopped).map(({ epoch }) => epoch)).toEqual(candidatesOf(curve(stopped)));
});

/** Writes a checkpoint as earlier versions of the program did. */
async function downgrade(file: string): Promise<void> {
  const content = await readFile(file);
  const end = 44 + content.readUInt32LE(40);
  const header = JSON.parse(content.toString('utf8', 44, end)) as { tensors: { shape: number[] }[] };
  const numbers = header.tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const json = Buffer.from(JSON.stringify({ ...header, version: 1, tests: undefined, networks: undefined }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const rest = Buffer.concat([length, json, content.subarray(end, end + 4 * numbers)]);
  const hash = createHash('sha256').update(rest).digest();
  await writeFile(file, Buffer.concat([content.subarray(0, 8), hash, rest]));
}

test.each(validations)(
  'a checkpoint of version 1 is continued: best epochs before it are not known, on %s',
  async (_, on) => {
    const trial = trialOf(restless, 'a1b2', on);
    const undisturbed = await train(trial, { at: path, every: 0 });
    const tests = testsOf(undisturbed);
    const best = tests.at(-2)!.epoch;
    for (const until of [best - 1, best]) {
      await rm(path, { force: true });
      await train(trial, { at: path, until });
      await downgrade(path);
      const continued = await train(trial, { at: path });
      expect(continued.epochs[0]!.epoch).toBe(until + 1);
      expect(testsOf(continued)).toEqual(tests.filter(({ epoch }) => epoch > until));
    }
  },
);

test('a loss that is not finite on the test images alone is a divergence in that epoch', async () => {
  // Only the last layer trains, by one step. What 10 images sum up to is a float32, what 250 do is not.
  const params: Partial<TrialParams> = {
    frozenBlocks: 13,
    trainSubset: 2,
    epochs: 1,
    dropout: 0,
    optimizer: { name: 'sgd', learningRate: 1e37, momentum: 0 },
  };
  const { outcome, epochs } = await train(trialOf(params, 'a1b2', { holdout: 10 }), { at: path, every: 0 });
  expect(epochs).toHaveLength(1); // its validation was finite
  expect(outcome).toMatchObject({ status: 'diverged', epoch: 1, step: 1, epochs: [] });
  expect(outcome).not.toHaveProperty('tests');
});
