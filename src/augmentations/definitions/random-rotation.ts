import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '../../engine/tfjs.js';
import type { AugmentationDefinition } from '../augmentation.js';

interface Settings {
  readonly degrees: number;
  readonly fill: number;
}

export default {
  name: 'randomRotation',
  schema: {
    description:
      "Turns an image about its centre by a random angle, with bilinear interpolation, as Keras' RandomRotation.",
    examples: [{ degrees: 10 }],
    properties: {
      degrees: {
        description: 'The angle is uniform from -degrees to degrees. Default: 10.',
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 180,
        default: 10,
        examples: [10, 45],
      },
      fill: {
        description: 'Value of pixels that come from outside the image, on the 0 to 1 scale. Default: 0.',
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0,
        examples: [0, 0.5],
      },
    },
  },
  apply({ images, targets }, { degrees, fill }, { tf, gatherRows, uniform }) {
    const [batch, height, width, channels] = images.shape;
    const angles = uniform([batch, 1, 1])
      .sub(0.5)
      .mul((2 * degrees * Math.PI) / 180); // [N, 1, 1]
    const [cos, sin] = [angles.cos(), angles.sin()];
    const centred = (size: number, shape: number[]) =>
      tf
        .range(0, size)
        .sub((size - 1) / 2)
        .reshape(shape);
    const [y, x] = [centred(height, [1, height, 1]), centred(width, [1, 1, width])];
    // Where each pixel of the result comes from, [N, H, W].
    const fromY = cos
      .mul(y)
      .sub(sin.mul(x))
      .add((height - 1) / 2);
    const fromX = sin
      .mul(y)
      .add(cos.mul(x))
      .add((width - 1) / 2);
    const [top, left] = [fromY.floor(), fromX.floor()];
    const [down, right] = [fromY.sub(top), fromX.sub(left)]; // shares of the pixel below, and of the one beside
    const pixels = images.reshape<Tensor2D>([batch * height * width, channels]);
    const firstOfImage = tf
      .range(0, batch)
      .reshape([batch, 1, 1])
      .mul(height * width); // exact up to 2²⁴ pixels
    const inside = (place: Tensor, size: number) => place.greaterEqual(0).logicalAnd(place.less(size));
    /** The images' values at whole places [N, H, W], as [N, H, W, C]. */
    const valuesAt = (row: Tensor, column: Tensor): Tensor4D => {
      const index = firstOfImage
        .add(row.clipByValue(0, height - 1).mul(width))
        .add(column.clipByValue(0, width - 1));
      const found = gatherRows(pixels, index.toInt().reshape<Tensor1D>([batch * height * width]));
      const isInside = inside(row, height).logicalAnd(inside(column, width));
      return tf.where(isInside.expandDims(3), found.reshape(images.shape), tf.fill(images.shape, fill));
    };
    const between = (first: Tensor4D, second: Tensor4D, share: Tensor): Tensor4D =>
      first.add(second.sub(first).mul(share.expandDims(3)));
    const upper = between(valuesAt(top, left), valuesAt(top, left.add(1)), right);
    const lower = between(valuesAt(top.add(1), left), valuesAt(top.add(1), left.add(1)), right);
    return { images: between(upper, lower, down), targets };
  },
} satisfies AugmentationDefinition<Settings>;
