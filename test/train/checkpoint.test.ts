import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint,
  type CheckpointOwner,
} from '../../src/train/checkpoint.js';
import { encodeConfusion, encodeMisses } from '../../src/trial/predictions.js';

const owner: CheckpointOwner = { trialId: 'a1b2', engine: 'tensorflow-cpu' };
const checkpoint: Checkpoint = {
  epochs: [
    {
      epoch: 1,
      trainLoss: 0.1 + 0.2,
      trainAccuracy: 1 / 3,
      valLoss: 5e-324,
      valAccuracy: 0.75,
      seconds: 1.25,
    },
  ],
  trainSeconds: 12.5,
  peakBytes: 3_000_000_000,
  tensors: [
    {
      name: 'conv1/kernel',
      shape: [2, 3],
      values: Float32Array.of(1.1, -0, 1e-45, 3.4e38, Infinity, NaN),
    },
    { name: 'dense/bias', shape: [1], values: Float32Array.of(-7) },
    { name: 'step', shape: [], values: Float32Array.of(4) },
  ],
  tests: [
    {
      epoch: 1,
      testLoss: 0.1 + 0.7,
      testAccuracy: 0.3,
      images: 10,
      correct: Buffer.of(0b101, 0b10).toString('base64'),
      imagesSha256: 'ab'.repeat(32),
    },
  ],
  predictions: [
    {
      version: 1,
      epoch: 1,
      part: 'test',
      images: 10,
      classes: 2,
      confusion: encodeConfusion([1, 4, 4, 1]),
      misses: encodeMisses({
        labels: [0, 1],
        predicted: [1, 1],
        predictedProbabilities: [0.8, 0.7],
        labelProbabilities: [0.2, 0.7],
      }),
      probabilities: null,
    },
  ],
  networks: [
    {
      epoch: 1,
      tensors: [
        { name: 'conv1/kernel', shape: [2, 3], values: Float32Array.of(0.1, -0, 1, 2, 3, 4) },
        { name: 'dense/bias', shape: [1], values: Float32Array.of(1e-45) },
      ],
    },
  ],
};
const layout = checkpoint.tensors.map(({ name, shape }) => ({ name, shape }));

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-checkpoint-'));
  path = join(folder, 'a1b2.checkpoint');
});
afterEach(() => rm(folder, { recursive: true }));

test('reads what was written, to the last bit, and leaves no other file', async () => {
  await writeCheckpoint(path, owner, { ...checkpoint, epochs: [] });
  await writeCheckpoint(path, owner, checkpoint);
  expect(await readCheckpoint(path, owner, layout)).toEqual(checkpoint); // toEqual tells −0 from 0, as Object.is
  expect(await readdir(folder)).toEqual(['a1b2.checkpoint']);
});

test('where there is no file there is no checkpoint', async () => {
  expect(await readCheckpoint(path, owner, layout)).toBeNull();
});

test('a flipped bit in any byte is found', async () => {
  await writeCheckpoint(path, owner, checkpoint);
  const whole = await readFile(path);
  for (const at of whole.keys()) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1 << (at % 8);
    await writeFile(path, damaged);
    await expect(readCheckpoint(path, owner, layout), `byte ${at}`).rejects.toThrow(/^it is/);
  }
});

test('a file cut short anywhere, empty, or with more at its end is found', async () => {
  await writeCheckpoint(path, owner, checkpoint);
  const whole = await readFile(path);
  for (const length of whole.keys()) {
    await writeFile(path, whole.subarray(0, length));
    await expect(readCheckpoint(path, owner, layout), `${length} bytes`).rejects.toThrow(/^it is/);
  }
  await writeFile(path, Buffer.concat([whole, Buffer.alloc(4)]));
  await expect(readCheckpoint(path, owner, layout)).rejects.toThrow('it is damaged');
});

test.each<[string, CheckpointOwner, typeof layout, string]>([
  ['another trial’s', { ...owner, trialId: 'c3d4' }, layout, 'it is of another trial, a1b2'],
  [
    'another engine’s',
    { ...owner, engine: 'tensorflow-gpu' },
    layout,
    'it is of another engine, tensorflow-cpu',
  ],
  ['of a network with fewer variables', owner, layout.slice(1), 'it holds other tensors'],
  [
    'of a network of another shape',
    owner,
    layout.map((entry) => ({ ...entry, shape: [...entry.shape].reverse() })),
    'it holds other tensors',
  ],
])('%s is refused', async (_title, reader, expected, reason) => {
  await writeCheckpoint(path, owner, checkpoint);
  await expect(readCheckpoint(path, reader, expected)).rejects.toThrow(reason);
});

test('a folder in its place is refused, for reading and writing, and no other file stays', async () => {
  await mkdir(join(path, 'something'), { recursive: true });
  await expect(readCheckpoint(path, owner, layout)).rejects.toThrow('EISDIR');
  await expect(writeCheckpoint(path, owner, checkpoint)).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['a1b2.checkpoint']);
});

/** The file with another header, and as many numbers less. */
async function changeHeader(
  change: (header: Record<string, unknown>) => unknown,
  numbers = 0,
): Promise<void> {
  const file = await readFile(path);
  const end = 44 + file.readUInt32LE(40);
  const header = JSON.parse(file.toString('utf8', 44, end)) as Record<string, unknown>;
  const json = Buffer.from(JSON.stringify(change(header)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const rest = Buffer.concat([length, json, file.subarray(end, file.length - 4 * numbers)]);
  const hash = createHash('sha256').update(rest).digest();
  await writeFile(path, Buffer.concat([file.subarray(0, 8), hash, rest]));
}

test('version 1, which did not know the best epochs, is read', async () => {
  await writeCheckpoint(path, owner, checkpoint);
  await changeHeader(
    (header) => ({ ...header, version: 1, tests: undefined, networks: undefined, predictions: undefined }),
    7,
  );
  expect(await readCheckpoint(path, owner, layout)).toEqual({
    ...checkpoint,
    tests: [],
    networks: [],
    predictions: [],
  });
});

test.each<[string, (header: Record<string, unknown>) => unknown]>([
  ['of a later version', (header) => ({ ...header, version: 3 })],
  ['without a version', (header) => ({ ...header, version: undefined })],
  ['without tests', (header) => ({ ...header, tests: undefined })],
  ['with a test of no epoch', (header) => ({ ...header, tests: [{ ...checkpoint.tests[0], epoch: 2 }] })],
  ['with predictions of another form', (header) => ({ ...header, predictions: [{ version: 1, epoch: 1 }] })],
  ['without networks', (header) => ({ ...header, networks: undefined })],
  ['with a network of no epoch', (header) => ({ ...header, networks: [{ epoch: 2, tensors: 2 }] })],
  ['with a network of half a tensor', (header) => ({ ...header, networks: [{ epoch: 1, tensors: 1.5 }] })],
  ['with a network of more tensors', (header) => ({ ...header, networks: [{ epoch: 1, tensors: 4 }] })],
  ['with a network of fewer tensors', (header) => ({ ...header, networks: [{ epoch: 1, tensors: 1 }] })],
  ['with no network', (header) => ({ ...header, networks: [null] })],
])('a header %s is refused', async (_title, change) => {
  await writeCheckpoint(path, owner, checkpoint);
  await changeHeader(change);
  await expect(readCheckpoint(path, owner, layout)).rejects.toThrow(
    /^it(?: is damaged|s version is 3, not 2)$/,
  );
});
