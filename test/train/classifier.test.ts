import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { statelessUniform } from '../../src/engine/fused-operations.js';
import type { Rank } from '@tensorflow/tfjs-node-gpu';
import { tf, type Tensor, type Tensor2D, type Tensor4D } from '../../src/engine/tfjs.js';
import { initialValues } from '../../src/model/initial-values.js';
import { countParameters, frozenLayers, mobilenetLayers } from '../../src/model/mobilenet-v1/layers.js';
import type { ParamsEntry } from '../../src/spec/experiment-spec.js';
import { parameterNames } from '../../src/model/mobilenet-v1/network.js';
import { readPretrainedWeights } from '../../src/model/mobilenet-v1/pretrained-weights.js';
import { Classifier, oneHot } from '../../src/train/classifier.js';
import { paramsOf } from '../params.js';
import { initialSeeds } from '../../src/train/random-streams.js';

const layers = mobilenetLayers(0.25);
const newClassifier = (seed: number, entry: ParamsEntry = {}) =>
  new Classifier(layers, initialValues(layers, 10, initialSeeds(seed), null), paramsOf(entry));
/** From ImageNet weights, so that features say something. */
async function pretrainedClassifier(entry: ParamsEntry = {}): Promise<Classifier> {
  const file = fileURLToPath(new URL('../fixtures/weights/mobilenet_2_5_224_tf_no_top.h5', import.meta.url));
  const pretrained = await readPretrainedWeights(file, layers);
  return new Classifier(layers, initialValues(layers, 10, initialSeeds(2017), pretrained), paramsOf(entry));
}
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
  const classifier = newClassifier(2017, { dropout: 0 });
  const [x, y] = [images(), labels()];
  const losses = Array.from(
    { length: 40 },
    (_, step) =>
      classifier
        .trainStep({ images: x, labels: y }, [1, 1], classifier.optimizerScalars(step + 1))
        .lossSum.dataSync()[0]! / 16,
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
          .trainStep({ images: images(), labels: labels() }, [seed, step], classifier.optimizerScalars(step))
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
    tf.dispose(classifier.trainStep({ images: x, labels: y }, [1, 1], scalars));
    scalars.dispose();
    tf.dispose(classifier.evaluate(x, y));
  };
  step();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) step();
  expect(tf.memory().numTensors).toBe(before);
  classifier.dispose();
});

test.each([1, 5, 13])(
  'with %i frozen blocks these neither train nor average, and all after them do',
  async (blocks) => {
    const classifier = await pretrainedClassifier({ frozenBlocks: blocks });
    const before = classifier.values();
    const scalars = classifier.optimizerScalars(1);
    tf.dispose(classifier.trainStep({ images: images(), labels: labels() }, [1, 1], scalars));
    const after = classifier.values();
    const changed = (a: Tensor, b: Tensor) => a.notEqual(b).any().dataSync()[0] === 1;
    const frozen = frozenLayers(blocks);
    const names = parameterNames(layers);
    for (const [i, name] of names.entries())
      expect([name, changed(before.parameters[i]!, after.parameters[i]!)]).toEqual([name, i >= 3 * frozen]);
    const channels = layers.map(({ outChannels }) => outChannels);
    for (const key of ['movingMean', 'movingVariance'] as const) {
      const [was, is] = [tf.split(before[key], channels), tf.split(after[key], channels)];
      for (const [i] of layers.entries()) expect(changed(was[i]!, is[i]!)).toBe(i >= frozen);
    }
  },
);

test('label smoothing: the loss is that of the smoothed labels, and targets replace the labels', () => {
  const [x, y] = [images(), labels()];
  const scalars = newClassifier(2017).optimizerScalars(1);
  const lossOf = (entry: ParamsEntry, targets: Tensor2D | null = null) => {
    const batch = { images: x, labels: y, targets };
    const sums = newClassifier(2017, { dropout: 0, ...entry }).trainStep(batch, [1, 1], scalars);
    return sums.lossSum.dataSync()[0]! / 16;
  };
  const spread = tf.fill<Rank.R2>([16, 10], 0.1);
  const [plain, even] = [lossOf({}), lossOf({}, spread)];
  expect(lossOf({ labelSmoothing: 0.1 })).toBeCloseTo(0.9 * plain + 0.1 * even, 5);
  expect(lossOf({}, oneHot(y, 10))).toBeCloseTo(plain, 6);
});

test('evaluation with flips takes the mean of both probabilities', async () => {
  const classifier = await pretrainedClassifier();
  const [x, y] = [images(), labels()];
  const probabilities = classifier
    .logits(x)
    .softmax()
    .add(classifier.logits(tf.reverse(x, 2)).softmax())
    .div<Tensor2D>(2);
  const own = probabilities.mul(oneHot(y, 10)).sum(1).log().neg().sum().dataSync()[0]!;
  const { lossSum, correct } = classifier.evaluate(x, y, true);
  expect(lossSum.dataSync()[0]).toBeCloseTo(own, 3);
  expect(correct.dataSync()[0]).toBe(probabilities.argMax(1).equal(y).sum().dataSync()[0]);
  expect(classifier.evaluate(x, y).lossSum.dataSync()[0]).not.toBeCloseTo(own, 3);
});
