import { expect, test } from 'vitest';
import randomRotation from '../../../src/augmentations/definitions/random-rotation.js';
import { graphFunction } from '../../../src/engine/graph-function.js';
import { tf, type Rank, type Tensor1D, type Tensor4D } from '../../../src/engine/tfjs.js';
import { toolsOf } from '../../../src/train/tools.js';
import { planOf } from '../../spec/experiment-folder.js';

const seed = [20, 17] as const;

function rotate(images: Tensor4D, settings: { degrees: number; fill: number }): Tensor4D {
  return randomRotation.apply({ images, targets: null }, settings, toolsOf(seed)).images;
}

/** One image turned by plain arithmetic: [H][W][C], the angle in radians. */
function turned(image: number[][][], angle: number, fill: number): number[] {
  const [height, width] = [image.length, image[0]!.length];
  const at = (row: number, column: number, channel: number) => image[row]?.[column]?.[channel] ?? fill;
  return image.flatMap((line, row) =>
    line.flatMap((pixel, column) => {
      const [y, x] = [row - (height - 1) / 2, column - (width - 1) / 2];
      const fromY = Math.cos(angle) * y - Math.sin(angle) * x + (height - 1) / 2;
      const fromX = Math.sin(angle) * y + Math.cos(angle) * x + (width - 1) / 2;
      const [top, left] = [Math.floor(fromY), Math.floor(fromX)];
      const [down, right] = [fromY - top, fromX - left];
      return pixel.map(
        (_, channel) =>
          (1 - down) * ((1 - right) * at(top, left, channel) + right * at(top, left + 1, channel)) +
          down * ((1 - right) * at(top + 1, left, channel) + right * at(top + 1, left + 1, channel)),
      );
    }),
  );
}

test.each([
  { shape: [3, 7, 7, 1] as const, degrees: 30, fill: 0 },
  { shape: [2, 6, 9, 3] as const, degrees: 180, fill: 0.5 },
])(
  'turns each image of $shape by an angle of its own, up to $degrees degrees',
  ({ shape, degrees, fill }) => {
    const images = tf.randomUniform<Rank.R4>([...shape], 0, 1, 'float32', 1);
    const draws = toolsOf(seed).uniform([shape[0], 1, 1]).dataSync();
    const pictures = images.arraySync();
    const result = rotate(images, { degrees, fill });
    expect(result.shape).toEqual([...shape]);
    const expected = pictures.flatMap((image, index) =>
      turned(image, ((2 * draws[index]! - 1) * degrees * Math.PI) / 180, fill),
    );
    const values = result.dataSync();
    const worst = expected.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - values[index]!)),
      0,
    );
    expect(worst).toBeLessThan(2e-5);
    expect(new Set(draws).size).toBe(shape[0]);
  },
);

test('an angle of next to nothing changes next to nothing, and values stay within 0 to 1', () => {
  const images = tf.randomUniform<Rank.R4>([4, 8, 8, 1], 0, 1, 'float32', 2);
  const still = rotate(images, { degrees: 1e-6, fill: 1 }).sub(images).abs().max().dataSync()[0]!;
  expect(still).toBeLessThan(1e-5);
  const turnedImages = rotate(images, { degrees: 90, fill: 1 });
  expect(turnedImages.min().dataSync()[0]).toBeGreaterThanOrEqual(0);
  expect(turnedImages.max().dataSync()[0]).toBeLessThanOrEqual(1);
});

test('in a graph function it gives the same, from the seed that it is called with', () => {
  const images = tf.randomUniform<Rank.R4>([2, 5, 5, 1], 0, 1, 'float32', 3);
  const inGraph = graphFunction((...[batch, seeds]) => [
    randomRotation.apply(
      { images: batch as Tensor4D, targets: null },
      { degrees: 20, fill: 0 },
      toolsOf(seeds as Tensor1D),
    ).images,
  ]);
  const eager = rotate(images, { degrees: 20, fill: 0 }).dataSync();
  for (let call = 0; call < 2; call++)
    expect(inGraph(images, tf.tensor1d([...seed], 'int32'))[0]!.dataSync()).toEqual(eager);
});

test('a file names it, with its defaults', async () => {
  const { trials } = await planOf(
    'name: turn\naugmentations: { turn: [{ randomRotation: {} }] }\nparams: { augmentation: turn }',
  );
  expect(trials[0]!.params.augmentation).toEqual([{ name: 'randomRotation', degrees: 10, fill: 0 }]);
});
