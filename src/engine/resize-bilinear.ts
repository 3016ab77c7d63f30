import { deviceOperations } from './device-operations.js';
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
 * By two matrix products, since TensorFlow's own operation (ScaleAndTranslate) runs on a CPU only. By the kernel of
 * pointwise convolutions: in a graph, TensorFlow 2.21's product of 32 or more planes with one matrix (BatchMatMul) ends
 * the process on a processor with AVX-512.
 */
function resizeByMatrices(x: Tensor4D, size: number): Tensor4D {
  const [, height, width] = x.shape;
  const product = (lines: Tensor4D, length: number) =>
    deviceOperations.pointwiseConvolution(lines, triangleWeights(length, size));
  const planes = x.transpose<Tensor4D>([0, 3, 1, 2]); // [N, C, H, W]
  const narrow = product(planes, width); // [N, C, H, size]
  const small = product(narrow.transpose([0, 1, 3, 2]), height); // [N, C, size, size], columns first
  return small.transpose<Tensor4D>([0, 3, 2, 1]);
}

/**
 * Weights [length, size] of the pixels of a line in each pixel of the resized line: a triangle about its centre, as wide
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
  return tf.tensor2d(rows, [size, length]).transpose();
}
