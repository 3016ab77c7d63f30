import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { tf, type Tensor } from '../../../src/engine/tfjs.js';
import { initialValues } from '../../../src/model/initial-values.js';
import { createNetwork, readPretrained } from '../../../src/model/create-network.js';
import { DeviceImages } from '../../../src/train/device-images.js';
import { prepareBatch } from '../../../src/train/pipeline.js';
import { trainStep } from '../../../src/train/step.js';
import { Classifier } from '../../../src/train/classifier.js';
import { imageFacts } from '../../facts.js';
import { paramsOf } from '../../params.js';
import { initialSeeds } from '../../../src/train/random-streams.js';

interface Fixture {
  readonly images: string;
  readonly labels: number[];
  readonly denseKernel: string;
  readonly logits: string;
  readonly losses: number[];
  readonly after: Readonly<Record<string, { readonly stride: number; readonly values: string }>>;
}

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const floats = (text: string) => new Float32Array(bytes(text).buffer);
const params = paramsOf({ dropout: 0 });
const network = createNetwork(params, imageFacts);

async function classifierLike(fixture: Fixture): Promise<Classifier> {
  const pretrained = await readPretrained(`${fixtures}weights/mobilenet_2_5_224_tf_no_top.h5`, params);
  const given = new Map([...pretrained, ['dense/kernel', floats(fixture.denseKernel)] as const]);
  const initial = initialValues(network, initialSeeds(2017), given);
  return new Classifier(network, initial, params.optimizer);
}

/** ‖a − b‖ / ‖b‖ */
function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}

const colourFacts = { ...imageFacts, shape: [32, 32, 3] as const };

describe.each([
  ['56', 56, imageFacts],
  ['28', 28, imageFacts],
  ['colour-32', 32, colourFacts],
] as const)('of %s, against Keras', (name, size, facts) => {
  const fixture = JSON.parse(readFileSync(`${fixtures}keras-mobilenet-${name}.json`, 'utf8')) as Fixture;
  const data = { images: bytes(fixture.images), labels: Uint8Array.from(fixture.labels) };
  const batch = () => {
    const source = new DeviceImages(data, facts.shape).batch(Int32Array.from(data.labels.keys()));
    return prepareBatch(source, { ...params, resolution: size }, facts, null);
  };

  test('the forward pass agrees to 1e-4', async () => {
    const logits = (await classifierLike(fixture)).logits(batch().images).dataSync();
    expect(relativeError(logits, floats(fixture.logits))).toBeLessThan(1e-4);
  });

  // The losses of the first two steps agree to 2e-5. In the third, an activation may lie on the other side of a ReLU6's
  // corner, which switches its gradient on or off: at 56 pixels ours is 0.45 % from Keras', and TensorFlow's own kernels
  // in our network are 0.55 % from it (and 0.32 % in the second step).
  test('loss and weights after three Adam steps agree', async () => {
    const classifier = await classifierLike(fixture);
    const examples = batch();
    for (const [index, expected] of fixture.losses.entries()) {
      const scalars = classifier.optimizerScalars(index + 1, 1e-3);
      const { lossSum } = trainStep(classifier, examples, params, [1, 2], scalars);
      const loss = lossSum.dataSync()[0]! / examples.labels.size;
      expect(Math.abs(loss / expected - 1)).toBeLessThan(index < 2 ? 2e-5 : 6e-3);
    }
    const ours = classifier.values();
    const named = new Map<string, Tensor>(ours.parameters);
    const channels = network.batchNormalizations.map((layer) => layer.channels);
    const means = tf.split(ours.movingMean, channels);
    const variances = tf.split(ours.movingVariance, channels);
    for (const [i, { name }] of network.batchNormalizations.entries()) {
      named.set(`${name}/moving_mean`, means[i]!);
      named.set(`${name}/moving_variance`, variances[i]!);
    }
    const compared = [...named].map(([name, tensor]) => {
      const { stride, values } = fixture.after[name]!;
      return {
        name,
        actual: [...tensor.dataSync().filter((_, i) => i % stride === 0)],
        expected: [...floats(values)],
      };
    });
    expect(compared).toHaveLength(Object.keys(fixture.after).length);
    const all = relativeError(
      compared.flatMap(({ actual }) => actual),
      compared.flatMap(({ expected }) => expected),
    );
    expect(all).toBeLessThan(1e-3);
    // Adam divides by √v: a weight whose gradient is rounding noise still moves by the learning rate, either
    // way. One tensor of the 137 (conv_pw_2's kernel at 56 pixels, 1.08e-3) feels it.
    const apart = compared.filter(({ actual, expected }) => !(relativeError(actual, expected) < 2e-3));
    expect(apart.map(({ name }) => name)).toEqual([]);
  });
});
