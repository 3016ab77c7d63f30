import { expect, test } from 'vitest';
import { channelStatistics } from '../../src/data/channel-statistics.js';
import { imageFactsOf } from '../../src/data/image-facts.js';
import kmnist from '../../src/data/sets/kmnist.js';
import fashionMnist from '../../src/data/sets/fashion-mnist.js';

test('each channel has its own mean and deviation, 0 to 1', () => {
  const { mean, deviation } = channelStatistics(Uint8Array.from([0, 10, 255, 255, 10, 255]), 3);
  expect(mean).toEqual([0.5, 10 / 255, 1]);
  expect(deviation).toEqual([0.5, 0, 0]);
});

test('as by the definition, of any bytes', () => {
  const bytes = Uint8Array.from({ length: 6000 }, (_, index) => (index * index * 31 + 7 * index) % 256);
  const { mean, deviation } = channelStatistics(bytes, 2);
  for (const channel of [0, 1]) {
    const pixels = [...bytes].filter((_, index) => index % 2 === channel).map((byte) => byte / 255);
    const expected = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
    const variance = pixels.reduce((sum, pixel) => sum + (pixel - expected) ** 2, 0) / pixels.length;
    expect(mean[channel]).toBeCloseTo(expected, 12);
    expect(deviation[channel]).toBeCloseTo(Math.sqrt(variance), 12);
  }
});

test('a data set that states them is not measured; one that does not is', () => {
  const training = Uint8Array.from([0, 255]);
  expect(imageFactsOf(fashionMnist, training)).toEqual({
    shape: [28, 28, 1],
    classes: fashionMnist.classes,
    mean: [0.2860405969887955],
    deviation: [0.35302424451492237],
  });
  expect(imageFactsOf(kmnist, training)).toEqual({
    shape: [28, 28, 1],
    classes: kmnist.classes,
    mean: [0.5],
    deviation: [0.5],
  });
});
