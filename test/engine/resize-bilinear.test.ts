/** Against Pillow: scripts/make-resize-fixture.py. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { graphFunction } from '../../src/engine/graph-function.js';
import { resizeBilinear } from '../../src/engine/resize-bilinear.js';
import { tf, type Tensor, type Tensor4D } from '../../src/engine/tfjs.js';

interface Case {
  readonly height: number;
  readonly width: number;
  readonly size: number;
  readonly pixels: string;
  readonly resized: string;
}
const path = new URL('../fixtures/resized.json', import.meta.url);
const cases = JSON.parse(readFileSync(path, 'utf8')) as readonly Case[];
const floats = (text: string) => new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);

test.each(cases)('$height × $width to $size: as Pillow, image by image and channel by channel', (one) => {
  const { height, width, size } = one;
  const [pixels, expected] = [floats(one.pixels), floats(one.resized)];
  // Two images of two channels: the pixels, and the pixels' halves, the second image the other way about.
  const plain = tf.tensor4d(pixels, [1, height, width, 1]);
  const half = plain.div<Tensor4D>(2);
  const x = tf.concat<Tensor4D>([tf.concat([plain, half], 3), tf.concat([half, plain], 3)]);
  const resize = graphFunction((...inputs: Tensor[]) => [resizeBilinear(inputs[0] as Tensor4D, size)]);
  for (const y of [resizeBilinear(x, size), resize(x)[0]!, resize(x)[0]!]) {
    expect(y.shape).toEqual([2, size, size, 2]);
    for (const [image, factors] of [
      [1, 0.5],
      [0.5, 1],
    ].entries())
      for (const [channel, factor] of factors.entries()) {
        const plane = y.slice([image, 0, 0, channel], [1, -1, -1, 1]).dataSync();
        for (const [index, value] of plane.entries())
          expect(Math.abs(value - factor * expected[index]!)).toBeLessThan(1e-3); // of 255
      }
  }
});

test('a batch of a trial and one of its evaluation, in a graph as outside it', () => {
  const resize = graphFunction((...inputs: Tensor[]) => [resizeBilinear(inputs[0] as Tensor4D, 14)]);
  for (const images of [64, 500]) {
    const x: Tensor4D = tf.randomUniform([images, 28, 28, 1]);
    const expected = resizeBilinear(x, 14).dataSync();
    resize(x);
    expect(resize(x)[0]!.dataSync()).toEqual(expected);
  }
});
