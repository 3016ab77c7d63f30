import type { Tensor1D, Tensor2D } from '../../engine/tfjs.js';
import type { AugmentationDefinition } from '../augmentation.js';

interface Settings {
  readonly padding: number;
  readonly fill: number;
}

export default {
  name: 'randomCrop',
  schema: {
    description:
      'Shifts an image at random: pads it and crops it at a random place, back to its size (He et al. 2016).',
    examples: [{ padding: 0.125 }],
    properties: {
      padding: {
        description:
          "Padding on each side, a fraction of the image's side, rounded to pixels. Default: 0.125 (4 pixels of 32; He et al. 2016).",
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 0.5,
        default: 0.125,
        examples: [0.125],
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
  idle: ({ padding }, resolution) =>
    Math.round(padding * resolution) === 0
      ? { setting: 'padding', because: `${padding} of ${resolution} pixels is less than half a pixel` }
      : null,
  apply({ images, targets }, { padding, fill }, { tf, gatherRows, uniform }) {
    const [batch, height, width, channels] = images.shape;
    const [above, beside] = [Math.round(padding * height), Math.round(padding * width)];
    const padded = tf.pad(
      images,
      [
        [0, 0],
        [above, above],
        [beside, beside],
        [0, 0],
      ],
      fill,
    );
    const [, paddedHeight, paddedWidth] = padded.shape;
    const [y, x] = uniform([2, batch]).unstack() as [Tensor1D, Tensor1D];
    const places = (draw: Tensor1D, margin: number, length: number, shape: number[]) =>
      draw
        .mul(2 * margin + 1)
        .floor()
        .reshape([batch, 1])
        .add(tf.range(0, length))
        .toInt()
        .reshape(shape); // of each row, or column, of the crop in its padded image
    const rows = places(y, above, height, [batch, height, 1]);
    const columns = places(x, beside, width, [batch, 1, width]);
    const image = tf.range(0, batch, 1, 'int32').reshape([batch, 1, 1]);
    const [h, w] = [tf.scalar(paddedHeight, 'int32'), tf.scalar(paddedWidth, 'int32')]; // a number would be a float
    const indices = image.mul(h).add(rows).mul(w).add(columns);
    const pixels = padded.reshape<Tensor2D>([batch * paddedHeight * paddedWidth, channels]);
    const cropped = gatherRows(pixels, indices.reshape<Tensor1D>([batch * height * width]));
    return { images: cropped.reshape(images.shape), targets };
  },
} satisfies AugmentationDefinition<Settings>;
