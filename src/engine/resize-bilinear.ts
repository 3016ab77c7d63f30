import { execute, flag, float32, shapeTensor } from './raw-operations.js';
import { tf, type Tensor2D, type Tensor4D } from './tfjs.js';

/**
 * Bilinear resize with half-pixel centres: x [N, H, W, C] → [N, size, size, C]. Antialiased where a side shrinks, as
 * tf.image.resize with `antialias` and Pillow do; where it grows that changes nothing. Call inside tf.tidy.
 */
export function resizeBilinear(x: Tensor4D, size: number): Tensor4D {
  const [, height, width] = x.shape;
  if (size < height || size < width) return resizeByMatrices(x, size);
  return execute<Tensor4D>(
    'ResizeBilinear',
    [float32('T'), flag('align_corners', false), flag('half_pixel_centers', true)],
    [x, shapeTensor([size, size])],
  );
}

/**
 * Two matrix products, since TensorFlow's own operation (ScaleAndTranslate) runs on a CPU only. Of matrices, not of
 * batches of them: in a graph, TensorFlow 2.21 ends the process where 32 planes are multiplied by one matrix.
 */
function resizeByMatrices(x: Tensor4D, size: number): Tensor4D {
  const [images, height, width, channels] = x.shape;
  const planes = x.transpose<Tensor4D>([0, 3, 1, 2]); // [N, C, H, W]
  const narrow = resizeLines(planes.reshape([-1, width]), size).reshape([images, channels, height, size]);
  const turned = narrow.transpose<Tensor4D>([0, 1, 3, 2]); // [N, C, size, H]
  const small = resizeLines(turned.reshape([-1, height]), size).reshape([images, channels, size, size]);
  return small.transpose<Tensor4D>([0, 3, 2, 1]); // columns came first
}

/** Lines [N, L] → [N, size]. */
function resizeLines(lines: Tensor2D, size: number): Tensor2D {
  return tf.matMul<Tensor2D>(lines, triangleWeights(lines.shape[1], size), false, true);
}

/**
 * Weights [size, length] of the pixels of a line in each pixel of the resized line: a triangle about its centre, as wide
 * on either side as the distance of two such centres, but no less than one pixel.
 */
function triangleWeights(length: number, size: number): Tensor2D {
  const ratio = length / size;
  const reach = Math.max(1, ratio);
  const rows = Array.from({ length: size }, (_, target) => {
    const centre = (target + 0.5) * ratio;
    const weights = Array.from({ length }, (_, pixel) =>
      Math.max(0, 1 - Math.abs(pixel + 0.5 - centre) / reach),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  });
  return tf.tensor2d(rows, [size, length]);
}
