import { expect, test } from 'vitest';
import { tf, type Tensor } from '../../../src/engine/tfjs.js';
import { graphFunction } from '../../../src/engine/graph-function.js';
import gradientClip from '../../../src/params/definitions/gradient-clip.js';
import { toolsOf } from '../../../src/train/tools.js';
import { trialId } from '../../../src/plan/trial-id.js';
import { contextOf, paramsOf } from '../../params.js';
import { planOf, problemsIn } from '../../spec/experiment-folder.js';

const clip = (gradients: readonly Tensor[], largest: number) =>
  gradientClip.effect.gradients(gradients, largest, toolsOf([1, 2])).map((one) => [...one.dataSync()]);

test('scales all gradients by one factor, so that their common norm is the largest allowed', () => {
  const gradients = [tf.tensor1d([3, 0]), tf.tensor2d([[0], [4]])]; // a norm of 5
  const close = clip(gradients, 2.5).flat();
  expect(close).toEqual([1.5, 0, 0, 2]);
  expect(Math.hypot(...clip(gradients, 0.01).flat())).toBeCloseTo(0.01, 8);
});

test.each([0, 5, 6])(
  'a largest norm of %d leaves gradients of norm 5 as they are, to the last digit',
  (largest) => {
    const gradients = [tf.tensor1d([3, 0]), tf.tensor2d([[0], [4]])];
    expect(clip(gradients, largest)).toEqual([
      [3, 0],
      [0, 4],
    ]);
  },
);

test('gradients of zero stay zero; in a graph function it is the same', () => {
  expect(clip([tf.zeros([2])], 1)).toEqual([[0, 0]]);
  const inGraph = graphFunction((...inputs) => [
    ...gradientClip.effect.gradients(inputs, 2.5, toolsOf([1, 2])),
  ]);
  for (const scale of [1, 1, 2])
    expect([...inGraph(tf.tensor1d([3 * scale, 4 * scale]))[0]!.dataSync()]).toEqual([1.5, 2]);
});

test('trials that do not clip have the ids from before there was the parameter', () => {
  const { gradientClip: none, ...before } = paramsOf();
  expect(none).toBe(0);
  const identity = { ...contextOf(), params: paramsOf(), seed: 1, data: { validation: 'test' } } as const;
  const idBefore = trialId({ ...identity, params: before as typeof identity.params });
  expect(trialId(identity)).toBe(idBefore);
  expect(trialId({ ...identity, params: paramsOf({ gradientClip: 1 }) })).not.toBe(idBefore);
});

test('a file sweeps it, compares it, and has an error for a negative one', async () => {
  const { cells, comparisons } = await planOf(
    'name: clip\nmatrix: { gradientClip: [0, 0.5, 1] }\ncompare: { baseline: { gradientClip: 0 } }',
  );
  expect(cells.map(({ params }) => params.gradientClip)).toEqual([0, 0.5, 1]);
  expect(comparisons).toHaveLength(2);
  const { text } = await problemsIn({ 'sweep.yaml': 'name: clip\nparams: { gradientClip: -1 }' });
  expect(text).toContain('`params.gradientClip` is out of range: `-1`');
});
