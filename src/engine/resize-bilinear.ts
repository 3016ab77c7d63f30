import { deviceOperations } from './device-operations.js';
import { execute, flag, float32, shapeTensor } from './raw-operations.js';
import { tf, type Tensor4D } from './tfjs.js';
import { triangleWeights } from './triangle-weights.js';

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
 * the network's products: in a graph, TensorFlow 2.21's product of 32 or more planes with one matrix (BatchMatMul) ends
 * the process on a processor with AVX-512.
 */
function resizeByMatrices(x: Tensor4D, size: number): Tensor4D {
  const [, height, width] = x.shape;
  const product = (lines: Tensor4D, length: number) =>
    deviceOperations.product(lines, tf.tensor2d(triangleWeights(length, size), [length, size]));
  const planes = x.transpose<Tensor4D>([0, 3, 1, 2]); // [N, C, H, W]
  const narrow = product(planes, width); // [N, C, H, size]
  const small = product(narrow.transpose([0, 1, 3, 2]), height); // [N, C, size, size], columns first
  return small.transpose<Tensor4D>([0, 3, 2, 1]);
}
