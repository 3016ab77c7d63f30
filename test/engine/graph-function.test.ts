import { expect, test } from 'vitest';
import { statelessUniform } from '../../src/engine/fused-operations.js';
import { graphFunction } from '../../src/engine/graph-function.js';
import { ResourceVariable } from '../../src/engine/resource-variable.js';
import { tf, type Tensor, type Tensor1D, type Tensor4D } from '../../src/engine/tfjs.js';
import { initialValues } from '../../src/model/initial-values.js';
import { createNetwork } from '../../src/model/create-network.js';
import { Classifier } from '../../src/train/classifier.js';
import { trainStep } from '../../src/train/step.js';
import { imageFacts } from '../facts.js';
import { paramsOf } from '../params.js';
import { initialSeeds } from '../../src/train/random-streams.js';

test('reads and writes a variable in the order of the body, call by call', () => {
  const variable = new ResourceVariable(tf.tensor1d([1, 2, 3]));
  const body = graphFunction((x) => {
    const before = variable.read();
    variable.assign(before.add(x));
    return [tf.concat([before.mul(x), tf.tensor1d([7]), variable.read()])];
  });
  const calls = [10, 20, 30].map((x) => [...body(tf.scalar(x))[0]!.dataSync()]);
  expect(calls).toEqual([
    [10, 20, 30, 7, 11, 12, 13],
    [220, 240, 260, 7, 31, 32, 33],
    [930, 960, 990, 7, 61, 62, 63],
  ]);
});

test('is recorded again for inputs of other shapes, and runs its body once for each', () => {
  let runs = 0;
  const sum = graphFunction((x) => {
    runs++;
    return [x.sum()];
  });
  const of = (...values: number[]) => sum(tf.tensor1d(values))[0]!.dataSync()[0];
  expect([of(1, 2), of(1, 2, 3), of(5, 6), of(5, 6, 7)]).toEqual([3, 6, 11, 18]);
  expect(runs).toBe(2);
});

test('refuses a body that reads values, and the binding is whole afterwards', () => {
  const reads = graphFunction((x) => [tf.scalar(x.add(1).dataSync()[0]!)]);
  expect(() => reads(tf.scalar(1))).toThrow('cannot read the values');
  expect(tf.scalar(1).add(1).dataSync()[0]).toBe(2);
});

test('training steps by a graph function give the losses of the same steps one operation at a time', () => {
  const params = paramsOf();
  const network = createNetwork(params, imageFacts);
  const images = statelessUniform<Tensor4D>([8, 28, 28, 1], [3, 4]);
  const labels = tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7], 'int32');
  const curve = (wrap: (body: (...inputs: Tensor[]) => Tensor[]) => (...inputs: Tensor[]) => Tensor[]) => {
    const initial = initialValues(network, initialSeeds(2017), null);
    const classifier = new Classifier(network, initial, params.optimizer);
    const step = wrap((...inputs) => {
      const [seed, scalars] = inputs as [Tensor1D, Tensor1D];
      const batch = { images, labels, targets: null };
      const { lossSum, correct } = trainStep(classifier, batch, params, seed, scalars);
      return [lossSum, correct];
    });
    return [1, 2, 3, 4, 5].map(
      (draw) =>
        step(tf.tensor1d([1, draw], 'int32'), classifier.optimizerScalars(draw, 1e-3))[0]!.dataSync()[0]!,
    );
  };
  const recorded = curve(graphFunction);
  const eager = curve((body) => body);
  for (const [i, loss] of recorded.entries()) expect(Math.abs(loss / eager[i]! - 1)).toBeLessThan(1e-4);
  expect(new Set(recorded).size).toBe(5);
});

test('calls leave no tensor behind', () => {
  const variable = new ResourceVariable(tf.tensor1d([1, 2, 3]));
  const body = graphFunction((x) => {
    variable.assign(variable.read().add(x));
    return [variable.read().mul(2)];
  });
  const call = () => tf.tidy(() => void body(tf.scalar(1)));
  call();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) call();
  expect(tf.memory().numTensors).toBe(before);
});
