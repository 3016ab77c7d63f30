import type { Tensor1D } from '../../engine/tfjs.js';
import type { AugmentationDefinition } from '../augmentation.js';
import { fillRectangles } from '../drawing/fill-rectangles.js';

interface Settings {
  readonly probability: number;
  readonly area: readonly [number, number];
  readonly aspectRatio: readonly [number, number];
  readonly fill: number;
}

/**
 * The rectangle's share of the image is uniform in `area`, its height over width log-uniform in `aspectRatio`, its place
 * uniform among those inside the image. Zhong et al. 2017 draw again where a rectangle does not fit; here its sides are
 * cut to the image's.
 */
export default {
  name: 'randomMask',
  schema: {
    description: 'Overwrites a random rectangle of an image (Random Erasing, Zhong et al. 2017).',
    examples: [{ probability: 0.5, area: [0.02, 0.2], fill: 0 }],
    properties: {
      probability: {
        description: 'Chance that an image is masked. Default: 0.5 (Zhong et al. 2017).',
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.5,
        examples: [0.5],
      },
      area: {
        description:
          'Smallest and largest share of the image that is masked, fractions. Default: [0.02, 0.2] (after Zhong et al. 2017).',
        type: 'array',
        minItems: 2,
        maxItems: 2,
        items: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
        default: [0.02, 0.2],
        examples: [[0.02, 0.2]],
      },
      aspectRatio: {
        description:
          'Smallest and largest height over width of the rectangle. Default: [0.3, 3.3] (Zhong et al. 2017).',
        type: 'array',
        minItems: 2,
        maxItems: 2,
        items: { type: 'number', exclusiveMinimum: 0 },
        default: [0.3, 3.3],
        examples: [[0.3, 3.3]],
      },
      fill: {
        description:
          'Value written into the masked pixels, on the 0 to 1 scale. Default: 0 (after Zhong et al. 2017).',
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0,
        examples: [0, 0.5],
      },
    },
  },
  apply({ images, targets }, { probability, area, aspectRatio, fill }, tools) {
    const [batch, height, width] = images.shape;
    const [chance, share, shape, top, left] = tools.uniform([5, batch]).unstack() as [
      Tensor1D,
      Tensor1D,
      Tensor1D,
      Tensor1D,
      Tensor1D,
    ]; // each [N]
    const pixels = share
      .mul<Tensor1D>(area[1] - area[0])
      .add<Tensor1D>(area[0])
      .mul<Tensor1D>(height * width);
    const logRatio = Math.log(aspectRatio[0]);
    const ratio = shape
      .mul(Math.log(aspectRatio[1]) - logRatio)
      .add(logRatio)
      .exp(); // height / width
    const rows = pixels.mul<Tensor1D>(ratio).sqrt().round().clipByValue(1, height);
    const columns = pixels.div<Tensor1D>(ratio).sqrt().round().clipByValue(1, width);
    const firstRow = top.mul<Tensor1D>(rows.mul(-1).add(height + 1)).floor();
    const firstColumn = left.mul<Tensor1D>(columns.mul(-1).add(width + 1)).floor();
    const hit = chance.less(probability);
    const rectangles = { firstRow, rows, firstColumn, columns, hit };
    return { images: fillRectangles(images, rectangles, fill, tools), targets };
  },
} satisfies AugmentationDefinition<Settings>;
