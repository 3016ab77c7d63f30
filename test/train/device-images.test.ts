/** Images in a file: on the device as a whole, or read batch by batch: the same to the last bit. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tf } from '../../src/engine/tfjs.js';
import { DeviceImages } from '../../src/train/device-images.js';
import { selectBatch } from '../../src/train/pipeline.js';
import { splitImages } from '../../src/train/split-images.js';
import { trainTrial } from '../../src/train/train-trial.js';
import { imageFacts } from '../facts.js';
import { numbersOf, squares, trialOf } from './course.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'runner-device-images-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const [count, shape] = [40, [5, 7, 3] as const]; // 105 bytes: a row is filled up to 108
const bytes = Uint8Array.from({ length: count * 105 }, (_, index) => (index * 7919) % 256);
const labels = Uint16Array.from({ length: count }, (_, index) => (index * 300) % 700);

/** The images as a pack has them. */
function writeFile(images: Uint8Array, size: number): string {
  const width = 4 * Math.ceil(size / 4);
  const rows = images.length / size;
  const filled = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row++) filled.set(images.subarray(row * size, (row + 1) * size), row * width);
  const path = join(folder, `${rows}-${size}.images`);
  writeFileSync(path, filled);
  return path;
}

test('a batch is the same from memory, from a file on the device, and from a file that is read by batch', () => {
  const file = { path: writeFile(bytes, 105), first: 0 };
  const indices = Int32Array.of(39, 0, 7, 7, 12);
  const batches = [
    new DeviceImages({ images: bytes, labels }, shape),
    new DeviceImages({ images: file, labels }, shape),
    new DeviceImages({ images: file, labels }, shape, 100),
  ].map((images) => {
    const tensors = tf.memory().numTensors;
    const batch = tf.tidy(() => {
      const selected = selectBatch(images.batch(indices), shape);
      return [[...selected.images.dataSync()], [...selected.labels.dataSync()]];
    });
    expect(tf.memory().numTensors).toBe(tensors); // a batch leaves nothing behind
    images.dispose();
    return batch;
  });
  expect(batches[0]![1]).toEqual([...indices].map((index) => labels[index]));
  expect(batches[0]![0]!.slice(0, 105)).toEqual([...bytes.subarray(39 * 105)]);
  expect(batches[1]).toEqual(batches[0]);
  expect(batches[2]).toEqual(batches[0]);
});

test('a file that is read by batch puts nothing on the device', () => {
  const before = tf.memory().numTensors;
  const images = new DeviceImages({ images: { path: writeFile(bytes, 105), first: 0 }, labels }, shape, 100);
  expect(tf.memory().numTensors).toBe(before);
  images.dispose();
});

test('parts of a file are views: training from its beginning, a holdout from its end', () => {
  const file = { path: writeFile(bytes, 105), first: 0 };
  const train = { images: file, labels };
  const split = splitImages({ train, val: null, test: null }, 10, { validation: { holdout: 4 } }, 105);
  expect([split.training.labels.length, split.validation.labels.length]).toEqual([10, 4]);
  expect(split.validation.images).toEqual({ path: file.path, first: 36 });
  const images = new DeviceImages(split.validation, shape, 100);
  const first = tf.tidy(() => selectBatch(images.batch(Int32Array.of(0)), shape).images.dataSync());
  expect([...first]).toEqual([...bytes.subarray(36 * 105, 37 * 105)]);
  images.dispose();
});

test('a trial has the same numbers, to the last digit, from memory and from files', async () => {
  const inFile = (images: Uint8Array, own: Uint8Array) => ({
    images: { path: writeFile(images, 784), first: 0 },
    labels: Uint16Array.from(own),
  });
  const { train, test: tested } = squares;
  const files = {
    train: inFile(train.images, train.labels),
    val: null,
    test: inFile(tested.images, tested.labels),
  };
  const outcomes = [];
  for (const images of [squares, files]) {
    const trial = trialOf({ epochs: 3 }, 'a1b2', { holdout: 48 });
    const job = {
      trial,
      facts: imageFacts,
      images,
      pretrained: null,
      engine: 'tensorflow-cpu',
      checkpoint: null,
    };
    const outcome = await trainTrial(job, { progress: () => {}, epoch: () => {}, alive: () => {} });
    if (outcome.status !== 'completed') expect.unreachable(outcome.status);
    outcomes.push(outcome.epochs.map(numbersOf));
  }
  expect(outcomes[1]).toEqual(outcomes[0]);
});
