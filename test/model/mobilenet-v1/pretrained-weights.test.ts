import { copyFile, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import h5wasm from 'h5wasm/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunnerError } from '../../../src/diagnostics/runner-error.js';
import { mobilenetLayers } from '../../../src/model/mobilenet-v1/layers.js';
import { readPretrainedWeights } from '../../../src/model/mobilenet-v1/pretrained-weights.js';

const keras = fileURLToPath(
  new URL('../../fixtures/weights/mobilenet_2_5_224_tf_no_top.h5', import.meta.url),
);
const layers = mobilenetLayers(0.25);
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-weights-'));
  path = join(folder, 'weights.h5');
});
afterEach(() => rm(folder, { recursive: true }));

async function refusal(): Promise<string> {
  const error: unknown = await readPretrainedWeights(path, layers).catch((thrown: unknown) => thrown);
  const [problem] = (error as RunnerError).problems;
  expect(problem).toMatchObject({ reason: 'weights-corrupt', path });
  return (problem as { detail: string }).detail;
}

/** A file whose first tensor, `conv1/conv1/kernel:0`, is made by the function; it has no other. */
async function writeFirst(make: (group: InstanceType<typeof h5wasm.Group>) => unknown): Promise<void> {
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w');
  make(file.create_group('conv1').create_group('conv1'));
  file.flush();
  file.close();
}

const name = 'kernel:0';

test('reads every layer of a file of Keras', async () => {
  const values = await readPretrainedWeights(keras, layers);
  expect(values.size).toBe(5 * layers.length);
  expect([...values.keys()].slice(0, 6)).toEqual([
    'conv1/kernel',
    'conv1_bn/gamma',
    'conv1_bn/beta',
    'conv1_bn/moving_mean',
    'conv1_bn/moving_variance',
    'conv_dw_1/kernel',
  ]);
  expect(values.get('conv1/kernel')).toHaveLength(216);
  expect(values.get('conv1_bn/moving_variance')).toHaveLength(8);
});

test('a tensor is not read where it declares another size: 16 TB here', async () => {
  await writeFirst((group) => {
    const data = new Float32Array(8);
    const dataset = group.create_dataset({
      name,
      data,
      dtype: '<f4',
      shape: [8],
      maxshape: [null],
      chunks: [8],
    });
    dataset.resize([2 ** 42]);
  });
  expect(await refusal()).toBe('`conv1/conv1/kernel:0` has 4398046511104 numbers, expected 216');
});

test.each<[string, Parameters<typeof writeFirst>[0]]>([
  ['whole numbers', (group) => group.create_dataset({ name, data: new Int32Array(216) })],
  ['double precision', (group) => group.create_dataset({ name, data: new Float64Array(216) })],
  ['a group in its place', (group) => group.create_group(name)],
  ['nothing', () => {}],
])('%s are no tensor', async (_title, make) => {
  await writeFirst(make);
  expect(await refusal()).toBe('it has no float32 tensor `conv1/conv1/kernel:0`');
});

test('a file cut short is reported', async () => {
  await copyFile(keras, path);
  await truncate(path, 1_000_000);
  expect(await refusal()).toBe('it cannot be opened as HDF5: it is damaged or cut short');
});
