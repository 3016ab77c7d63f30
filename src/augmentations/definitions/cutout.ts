import type { Tensor1D } from '../../engine/tfjs.js';
import type { AugmentationDefinition } from '../augmentation.js';
import { fillRectangles } from '../drawing/fill-rectangles.js';

interface Settings {
  readonly size: number;
  readonly probability: number;
  readonly fill: number;
}

/**
 * The centre is uniform among the pixels. The square has round(size × side) pixels, as the paper says; the authors' code
 * draws one less where that is odd.
 */
export default {
  name: 'cutout',
  schema: {
    description:
      'Overwrites a square of fixed size whose centre is anywhere in the image; what lies outside is cut off (DeVries and Taylor 2017).',
    examples: [{ size: 0.5 }],
    properties: {
      size: {
        description:
          "Side of the square, a fraction of the image's side. Default: 0.5 (16 pixels of 32; DeVries and Taylor 2017).",
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.5,
        examples: [0.5],
      },
      probability: {
        description: 'Chance that an image is cut. Default: 1 (DeVries and Taylor 2017).',
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 1,
        examples: [1],
      },
      fill: {
        description: 'Value written there, on the 0 to 1 scale. Default: 0.',
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0,
        examples: [0, 0.5],
      },
    },
  },
  apply({ images, targets }, { probability, size, fill }, tools) {
    const { tf, uniform } = tools;
    const [batch, height, width] = images.shape;
    const [chance, y, x] = uniform([3, batch]).unstack() as [Tensor1D, Tensor1D, Tensor1D];
    const side = Math.max(1, Math.round(size * height));
    const first = (draw: Tensor1D, length: number) =>
      draw
        .mul(length)
        .floor()
        .sub(Math.floor(side / 2));
    const sides = tf.fill([batch], side);
    const rectangles = {
      firstRow: first(y, height),
      rows: sides,
      firstColumn: first(x, width),
      columns: sides,
      hit: chance.less(probability),
    };
    return { images: fillRectangles(images, rectangles, fill, tools), targets };
  },
} satisfies AugmentationDefinition<Settings>;
