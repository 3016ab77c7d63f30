import { expect, test } from 'vitest';
import { statelessUniform } from '../../src/engine/fused-operations.js';
import { tf, type Tensor4D } from '../../src/engine/tfjs.js';
import { initialValues } from '../../src/model/initial-values.js';
import { countParameters, mobilenetLayers } from '../../src/model/layers.js';
import { Classifier } from '../../src/train/classifier.js';

const layers = mobilenetLayers(0.25);
const newClassifier = (seed: number) =>
  new Classifier(layers, initialValues(layers, 10, seed, null), { name: 'adam', learningRate: 1e-3 });
const images = () => statelessUniform<Tensor4D>([16, 28, 28, 1], [3, 4]);
const labels = () => tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5], 'int32');

test.each([
  [0.25, 218_544],
  [0.5, 829_536],
  [0.75, 1_832_976],
  [1, 3_228_864],
])('width %d has as many parameters as Keras’ MobileNet without top', (alpha, expected) => {
  expect(countParameters(alpha, 0)).toBe(expected);
});

test('overfits one batch', () => {
  const classifier = newClassifier(2017);
  const [x, y] = [images(), labels()];
  const losses = Array.from(
    { length: 40 },
    (_, step) =>
      classifier.trainStep(x, y, 0, [1, 1], classifier.optimizerScalars(step + 1)).lossSum.dataSync()[0]! /
      16,
  );
  expect(losses[0]).toBeGreaterThan(2);
  expect(losses.at(-1)).toBeLessThan(0.1);
});

test('the same seed gives the same losses to the last digit; another seed gives others', () => {
  const curve = (seed: number) => {
    const classifier = newClassifier(seed);
    return [1, 2, 3].map(
      (step) =>
        classifier
          .trainStep(images(), labels(), 0.5, [seed, step], classifier.optimizerScalars(step))
          .lossSum.dataSync()[0],
    );
  };
  expect(curve(2017)).toEqual(curve(2017));
  expect(curve(2017)).not.toEqual(curve(2018));
});

test('a step and an evaluation leave no tensor behind', () => {
  const classifier = newClassifier(2017);
  const [x, y] = [images(), labels()];
  const step = () => {
    const scalars = classifier.optimizerScalars(1);
    tf.dispose(classifier.trainStep(x, y, 0.5, [1, 1], scalars));
    scalars.dispose();
    tf.dispose(classifier.evaluate(x, y));
  };
  step();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) step();
  expect(tf.memory().numTensors).toBe(before);
  classifier.dispose();
});
