import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { statelessUniform } from '../../src/engine/fused-operations.js';
import type { Rank } from '@tensorflow/tfjs-node-gpu';
import { tf, type Tensor, type Tensor2D, type Tensor4D } from '../../src/engine/tfjs.js';
import { initialValues, type PretrainedValues } from '../../src/model/initial-values.js';
import { createNetwork, readPretrained } from '../../src/model/create-network.js';
import { countNumbers, type Network } from '../../src/model/network.js';
import type { TrialParams } from '../../src/plan/plan.js';
import type { ParamsEntry } from '../../src/params/parameter.js';
import { Classifier } from '../../src/train/classifier.js';
import { oneHot, type Batch } from '../../src/train/pipeline.js';
import { evaluateBatch, trainStep } from '../../src/train/step.js';
import { imageFacts } from '../facts.js';
import { paramsOf } from '../params.js';
import { initialSeeds } from '../../src/train/random-streams.js';

interface Setup {
  readonly classifier: Classifier;
  readonly params: TrialParams;
  readonly network: Network;
}

function setUp(seed: number, entry: ParamsEntry = {}, pretrained: PretrainedValues | null = null): Setup {
  const params = paramsOf(entry);
  const network = createNetwork(params, imageFacts);
  const initial = initialValues(network, initialSeeds(seed), pretrained);
  return { classifier: new Classifier(network, initial, params.optimizer), params, network };
}
/** From ImageNet weights, so that features say something. */
async function setUpPretrained(entry: ParamsEntry = {}): Promise<Setup> {
  const file = fileURLToPath(new URL('../fixtures/weights/mobilenet_2_5_224_tf_no_top.h5', import.meta.url));
  return setUp(2017, entry, await readPretrained(file, { alpha: 0.25 }));
}
/** A step at a learning rate of 0.001. */
function stepOf(
  { classifier, params }: Setup,
  batch: Omit<Batch, 'targets'> & Partial<Batch>,
  step: number,
  seed = 1,
) {
  const scalars = classifier.optimizerScalars(step, 1e-3);
  const sums = trainStep(classifier, { targets: null, ...batch }, params, [seed, step], scalars);
  scalars.dispose();
  return sums;
}
const images = () => statelessUniform<Tensor4D>([16, 28, 28, 1], [3, 4]);
const labels = () => tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5], 'int32');

test.each([
  [0.25, 218_544],
  [0.5, 829_536],
  [0.75, 1_832_976],
  [1, 3_228_864],
])('width %d has as many parameters as Keras’ MobileNet without top', (alpha, expected) => {
  const network = createNetwork(paramsOf({ alpha }), imageFacts);
  const top = network.parameters.filter(({ name }) => name.startsWith('dense/'));
  const numbers = top.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  expect(countNumbers(network) - numbers).toBe(expected);
});

test('overfits one batch', () => {
  const setup = setUp(2017, { dropout: 0 });
  const batch = { images: images(), labels: labels() };
  const losses = Array.from(
    { length: 40 },
    (_, step) => stepOf(setup, batch, step + 1).lossSum.dataSync()[0]! / 16,
  );
  expect(losses[0]).toBeGreaterThan(2);
  expect(losses.at(-1)).toBeLessThan(0.1);
});

test('the same seed gives the same losses to the last digit; another seed gives others', () => {
  const curve = (seed: number) => {
    const setup = setUp(seed);
    const batch = { images: images(), labels: labels() };
    return [1, 2, 3].map((step) => stepOf(setup, batch, step, seed).lossSum.dataSync()[0]);
  };
  expect(curve(2017)).toEqual(curve(2017));
  expect(curve(2017)).not.toEqual(curve(2018));
});

test.each([{}, { testTimeFlip: true }, { frozenBlocks: 3 }])(
  'a step and an evaluation leave no tensor behind: %o',
  (entry) => {
    const setup = setUp(2017, entry);
    const batch = { images: images(), labels: labels() };
    const step = () => {
      tf.dispose(stepOf(setup, batch, 1));
      tf.dispose(evaluateBatch(setup.classifier, batch, setup.params));
    };
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) step();
    expect(tf.memory().numTensors).toBe(before);
    setup.classifier.dispose();
  },
);

test.each([1, 5, 13])(
  'with %i frozen blocks these neither train nor average, and all after them do',
  async (blocks) => {
    const setup = await setUpPretrained({ frozenBlocks: blocks });
    const { classifier, network } = setup;
    const before = classifier.values();
    tf.dispose(stepOf(setup, { images: images(), labels: labels() }, 1));
    const after = classifier.values();
    const changed = (a: Tensor, b: Tensor) => a.notEqual(b).any().dataSync()[0] === 1;
    const frozen = 1 + 2 * blocks; // the first convolution, and two a block
    for (const [index, [name, value]] of [...before.parameters].entries())
      expect([name, changed(value, after.parameters.get(name)!)]).toEqual([name, index >= 3 * frozen]);
    expect(network.parameters.filter((parameter) => parameter.frozen)).toHaveLength(3 * frozen);
    const channels = network.batchNormalizations.map((layer) => layer.channels);
    for (const key of ['movingMean', 'movingVariance'] as const) {
      const [was, is] = [tf.split(before[key], channels), tf.split(after[key], channels)];
      for (const i of channels.keys()) expect(changed(was[i]!, is[i]!)).toBe(i >= frozen);
    }
  },
);

test('label smoothing: the loss is that of the smoothed labels, and targets replace the labels', () => {
  const batch = { images: images(), labels: labels() };
  const lossOf = (entry: ParamsEntry, targets: Tensor2D | null = null) =>
    stepOf(setUp(2017, { dropout: 0, ...entry }), { ...batch, targets }, 1).lossSum.dataSync()[0]! / 16;
  const spread = tf.fill<Rank.R2>([16, 10], 0.1);
  const [plain, even] = [lossOf({}), lossOf({}, spread)];
  expect(lossOf({ labelSmoothing: 0.1 })).toBeCloseTo(0.9 * plain + 0.1 * even, 5);
  expect(lossOf({}, oneHot(batch.labels, 10))).toBeCloseTo(plain, 6);
});

test('evaluation with flips takes the mean of both probabilities', async () => {
  const { classifier } = await setUpPretrained();
  const [x, y] = [images(), labels()];
  const probabilities = classifier
    .logits(x)
    .softmax()
    .add(classifier.logits(tf.reverse(x, 2)).softmax())
    .div<Tensor2D>(2);
  const own = probabilities.mul(oneHot(y, 10)).sum(1).log().neg().sum().dataSync()[0]!;
  const of = (testTimeFlip: boolean) => evaluateBatch(classifier, { images: x, labels: y }, { testTimeFlip });
  const { lossSum, correct } = of(true);
  expect(lossSum.dataSync()[0]).toBeCloseTo(own, 3);
  expect(correct.dataSync()[0]).toBe(probabilities.argMax(1).equal(y).sum().dataSync()[0]);
  expect(of(false).lossSum.dataSync()[0]).not.toBeCloseTo(own, 3);
});

test.each([100, 1000])(
  'evaluation with flips has a finite loss where logits lie %i apart, and the right one',
  (gap) => {
    const bias = Float32Array.from({ length: 10 }, (_, index) => gap * index);
    const { classifier } = setUp(2017, {}, new Map([['dense/bias', bias]]));
    const [x, y] = [images(), labels()];
    const logProbabilities = (of: Tensor4D) =>
      classifier
        .logits(of)
        .arraySync()
        .map((row) => {
          const top = Math.max(...row);
          const normalizer = top + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
          return row.map((logit) => logit - normalizer);
        });
    const [own, mirrored] = [logProbabilities(x), logProbabilities(tf.reverse(x, 2))];
    const expected = [...y.dataSync()].reduce((sum, label, image) => {
      const [a, b] = [own[image]![label]!, mirrored[image]![label]!];
      const logMean = Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))) - Math.log(2);
      return sum - logMean;
    }, 0);
    const { lossSum, correct } = evaluateBatch(classifier, { images: x, labels: y }, { testTimeFlip: true });
    expect(expected).toBeGreaterThan(16 * 88);
    expect(Math.abs(lossSum.dataSync()[0]! / expected - 1)).toBeLessThan(1e-5);
    expect(correct.dataSync()[0]).toBe(1); // the last class always wins
  },
);
