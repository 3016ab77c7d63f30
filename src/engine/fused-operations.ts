/** Operations that TensorFlow has as one kernel and that TensorFlow.js builds from many or lacks. */
import { differentiable } from './differentiable.js';
import { execute, executeMany, flag, float32, int32, shapeTensor } from './raw-operations.js';
import { tf, type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from './tfjs.js';

/** Mean cross-entropy, nats: logits [N, K] against class numbers [N] (int32). */
export function sparseSoftmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar {
  const loss = differentiable(([logits], save) => {
    const [losses, gradient] = executeMany(
      'SparseSoftmaxCrossEntropyWithLogits',
      [float32('T'), int32('Tlabels')],
      [logits!, labels],
      2,
    ) as [Tensor, Tensor];
    save([gradient]);
    return {
      value: losses.mean(),
      gradient: (dy, saved) => [saved[0]!.mul(dy.div(labels.shape[0]))],
    };
  });
  return loss(logits) as Scalar;
}

/** Uniform numbers in [0, 1), a pure function of the seed: the same on every run of one engine. */
export function statelessUniform<T extends Tensor = Tensor>(
  dimensions: readonly number[],
  seed: readonly [number, number],
): T {
  const seedTensor = tf.tensor1d([...seed], 'int32');
  const numbers = execute<T>(
    'StatelessRandomUniform',
    [int32('T'), float32('dtype'), int32('Tseed')],
    [shapeTensor(dimensions), seedTensor],
  );
  seedTensor.dispose();
  return numbers;
}

/** Bilinear resize with half-pixel centres, as tf.image.resize: x [N, h, w, C] → [N, size, size, C]. */
export function resizeBilinear(x: Tensor4D, size: number): Tensor4D {
  return execute<Tensor4D>(
    'ResizeBilinear',
    [float32('T'), flag('align_corners', false), flag('half_pixel_centers', true)],
    [x, shapeTensor([size, size])],
  );
}
