import { expect, test } from 'vitest';
import './use-wasm.js';
import { graphFunction } from '../../../src/engine/graph-function.js';
import { execute, float32 } from '../../../src/engine/raw-operations.js';
import { tf } from '../../../src/engine/tfjs.js';
import { WasmModule } from '../../../src/engines/wasm/wasm-module.js';
import { classifyError } from '../../../src/train/classify-error.js';
import { wasmPath } from './wasm-path.js';

const failureOf = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return classifyError(error);
  }
  throw new Error('Nothing was thrown');
};
const outOfMemory = {
  failure: 'outOfMemory',
  message: expect.stringMatching(/^memory ran out: the 4 GiB that WebAssembly can address/) as string,
};

test.each([
  ['more than addresses reach', [100_000, 100_000]],
  ['more than is left', [10_000, 107_370]],
])('a tensor of %s is memory that runs out, and the engine goes on', (_, shape) => {
  expect(failureOf(() => tf.fill(shape, 1))).toEqual(outOfMemory);
  const recorded = graphFunction((x) => [x.add(1)]);
  expect([...recorded(tf.tensor1d([1, 2]))[0]!.dataSync()]).toEqual([2, 3]);
});

test('what the C library gives beyond the end of the memory is memory that runs out', () => {
  const module = new WasmModule(wasmPath);
  const bytes = 2_097_152_000; // twice it fits, and the third ends beyond what 32 bits can count
  expect([module.allocate(bytes), module.allocate(bytes)]).toHaveLength(2);
  expect(failureOf(() => module.allocate(bytes))).toEqual(outOfMemory);
});

test('an operation that is refused is named, within a recorded function too', () => {
  const product = () => execute('MatMul', [float32('T')], [tf.zeros([2, 3]), tf.zeros([2, 3])]);
  const refusal = { failure: 'engine', message: expect.stringContaining('MatMul') as string };
  expect(failureOf(product)).toEqual(refusal);
  const recorded = graphFunction((x, rows) => [execute('GatherV2', [], [x, rows, tf.scalar(0, 'int32')])]);
  const x = tf.tensor1d([5, 6, 7]);
  expect([...recorded(x, tf.tensor1d([0, 2], 'int32'))[0]!.dataSync()]).toEqual([5, 7]);
  expect(failureOf(() => recorded(x, tf.tensor1d([0, 3], 'int32')))).toEqual({
    failure: 'engine',
    message: 'the engine refused: GatherV2: an index is beyond the rows',
  });
});

test('tensors and variables give their memory back', () => {
  const before = tf.memory().numTensors;
  const make = () =>
    tf.tidy(
      () =>
        void tf
          .fill([1 << 20], 1)
          .add(1)
          .mul(2)
          .sum(),
    );
  make();
  const resident = process.memoryUsage().rss;
  for (let i = 0; i < 300; i++) make(); // 3.6 GiB if nothing were given back
  expect(process.memoryUsage().rss - resident).toBeLessThan(64 << 20);
  expect(tf.memory().numTensors).toBe(before);
});
