/** The errors are real ones: each comes from what fails. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultDataset } from '../../src/data/datasets.js';
import { graphFunction } from '../../src/engine/graph-function.js';
import { execute, float32 } from '../../src/engine/raw-operations.js';
import { tf } from '../../src/engine/tfjs.js';
import { mobilenetLayers } from '../../src/model/mobilenet-v1/layers.js';
import { readPretrainedWeights } from '../../src/model/mobilenet-v1/pretrained-weights.js';
import { classifyError } from '../../src/train/classify-error.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-errors-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function errorOf(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  return expect.unreachable('nothing failed');
}

const terabytes = [1_000_000, 1_000_000];

test.each<[string, () => unknown, string]>([
  [
    'TensorFlow',
    () => tf.fill(terabytes, 1),
    'memory ran out: OOM when allocating tensor with shape[1000000,1000000] and type float',
  ],
  [
    'TensorFlow, in a graph function that was recorded',
    () => {
      const spread = graphFunction((shape) => [
        execute('Fill', [float32('T')], [shape, tf.scalar(1)]).add(0),
      ]);
      spread(tf.tensor1d([2, 2], 'int32'));
      spread(tf.tensor1d(terabytes, 'int32'));
    },
    'memory ran out: ',
  ],
  ['V8', () => new ArrayBuffer(2 ** 45), 'memory ran out: Array buffer allocation failed'],
  [
    'a WebAssembly module',
    (): unknown => runInThisContext('new WebAssembly.Memory({ initial: 1, maximum: 2 }).grow(2)'),
    'memory ran out: WebAssembly.Memory.grow(): Maximum memory size exceeded',
  ],
])('memory that runs out in %s', async (_title, action, message) => {
  const failure = classifyError(await errorOf(action));
  expect(failure).toMatchObject({ failure: 'outOfMemory' });
  expect(failure!.message).toContain(message);
  expect(failure!.message).not.toContain('\n');
});

test('an operation that TensorFlow refuses', async () => {
  const error = await errorOf(() => execute('MatMul', [float32('T')], [tf.zeros([2, 3]), tf.zeros([2, 3])]));
  expect(classifyError(error)).toEqual({
    failure: 'engine',
    message: 'the engine refused: Matrix size-incompatible: In[0]: [2,3], In[1]: [2,3]',
  });
});

test('data that is not there', async () => {
  const failure = classifyError(await errorOf(() => defaultDataset.load(folder)));
  expect(failure!.failure).toBe('configuration');
  expect(failure!.message).toMatch(/^`.*-ubyte\.gz` is not a file of Fashion-MNIST$/);
});

test('weights that are damaged', async () => {
  const path = join(folder, 'weights.h5');
  await writeFile(path, 'not HDF5');
  const error = await errorOf(() => readPretrainedWeights(path, mobilenetLayers(0.25)));
  expect(classifyError(error)).toEqual({
    failure: 'configuration',
    message: `the weight file \`${path}\` cannot be used`,
  });
});

const disposed = () => {
  const tensor = tf.zeros([2]);
  tensor.dispose();
  return tensor;
};

test.each<[string, () => unknown]>([
  ['a value of the wrong kind', () => (undefined as unknown as string[]).length],
  ['a tensor that is gone', () => tf.neg(disposed())],
  ['an array of impossible length', () => new Float32Array(-1)],
])('an error of this program, %s, is not accounted for', async (_title, action) => {
  expect(classifyError(await errorOf(action))).toBeNull();
});

test('nor is anything that is no error', () => {
  expect(classifyError('OOM')).toBeNull();
});
