import type { Tensor, Tensor4D } from '../../engine/tfjs.js';
import type { AugmentationTools } from '../augmentation.js';

/** One rectangle for each image, in pixels, each field [N]; it may lie partly outside. `hit`: whether it is drawn. */
export interface Rectangles {
  readonly firstRow: Tensor;
  readonly rows: Tensor;
  readonly firstColumn: Tensor;
  readonly columns: Tensor;
  readonly hit: Tensor;
}

/** Writes `fill` into one rectangle of each image [N, H, W, C]. */
export function fillRectangles(
  images: Tensor4D,
  { firstRow, rows, firstColumn, columns, hit }: Rectangles,
  fill: number,
  { tf }: Pick<AugmentationTools, 'tf'>,
): Tensor4D {
  const [batch, height, width] = images.shape;
  const within = (size: number, first: Tensor, count: Tensor) => {
    const offset = tf
      .range(0, size)
      .reshape([1, size])
      .sub(first.reshape([batch, 1])); // [N, size]
    return offset.greaterEqual(0).logicalAnd(offset.less(count.reshape([batch, 1])));
  };
  const inside = within(height, firstRow, rows)
    .reshape([batch, height, 1, 1])
    .logicalAnd(within(width, firstColumn, columns).reshape([batch, 1, width, 1]))
    .logicalAnd(hit.reshape([batch, 1, 1, 1])); // [N, H, W, 1]
  return tf.where(inside, tf.fill(images.shape, fill), images);
}
