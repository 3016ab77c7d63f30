import { expect, test } from 'vitest';
import { countWork } from '../../bench/count-work.js';
import { describeUnequalWork, type Work } from '../../bench/work.js';
import { initialValues } from '../../src/model/initial-values.js';
import { mobilenetLayers } from '../../src/model/mobilenet-v1/layers.js';
import { mobilenetV1 } from '../../src/model/mobilenet-v1/mobilenet-v1.js';
import fashionMnist from '../../src/data/sets/fashion-mnist.js';
import { resolveContext, resolveParams } from '../../src/params/resolve-params.js';
import { Classifier } from '../../src/train/classifier.js';
import { initialSeeds } from '../../src/train/random-streams.js';

/** Of MobileNet at width 1, counted while it runs. */
function workOf(classes: number, size: number): Work {
  const network = mobilenetV1({ alpha: 1, frozenBlocks: 0, classes, precision: 'float32' });
  const { optimizer } = resolveParams({ alpha: 1, resolution: size }, resolveContext({}, fashionMnist));
  const classifier = new Classifier(network, initialValues(network, initialSeeds(1), null), optimizer);
  try {
    return countWork(classifier, size);
  } finally {
    classifier.dispose();
  }
}

test('the published network at 224 pixels has the multiply-adds and parameters that the paper and Keras state', () => {
  const { parameters, multiplyAdds } = workOf(1000, 224);
  expect(Math.round(multiplyAdds / 1e6)).toBe(569); // Howard et al. 2017, table 4: 569 million, 4.2 million parameters
  expect(parameters).toBe(4_253_864); // keras.applications.MobileNet's summary, moving statistics included
});

test('at 56 pixels the pointwise layers have 40.6 million multiply-adds, as where PyTorch pads by one', () => {
  let size = 56;
  let pointwise = 0;
  let others = 1024 * 10;
  for (const { kind, stride, inChannels, outChannels } of mobilenetLayers(1)) {
    size = Math.floor((size + 2 - 3) / stride) + 1; // 3×3 with one pixel of padding on each side
    if (kind === 'pointwise') pointwise += size * size * inChannels * outChannels;
    else others += size * size * 9 * (kind === 'image' ? inChannels * outChannels : outChannels);
  }
  expect(Math.round(pointwise / 1e5) / 10).toBe(40.6);
  expect(workOf(10, 56)).toEqual({ parameters: 3_239_114, multiplyAdds: pointwise + others });
});

test('contestants with other work than the first are named with their numbers, and equal ones pass', () => {
  const runner = { name: 'runner', parameters: 3_239_114, multiplyAdds: 42_000_000 };
  expect(describeUnequalWork([])).toBeNull();
  expect(describeUnequalWork([runner, { ...runner, name: 'PyTorch' }])).toBeNull();
  expect(
    describeUnequalWork([
      runner,
      { ...runner, name: 'PyTorch' },
      { ...runner, name: 'Keras', multiplyAdds: 27_000_000 },
    ]),
  ).toBe(
    'Not the same work, so nothing is compared: runner has 3,239,114 parameters and 42,000,000 multiply-adds per ' +
      'image; Keras has 3,239,114 parameters and 27,000,000 multiply-adds per image.',
  );
  expect(describeUnequalWork([runner, { ...runner, name: 'Keras', parameters: 1 }])).toContain(
    'Keras has 1 parameters',
  );
});
