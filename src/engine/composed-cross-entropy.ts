import { execute, float32 } from './raw-operations.js';
import { tf, type Tensor, type Tensor1D, type Tensor2D } from './tfjs.js';

/** The losses, nats, and the gradient of each with respect to its logits. */
export type CrossEntropy = readonly [losses: Tensor1D, gradients: Tensor2D];

/**
 * Cross-entropy of logits [N, K] against the share of each class, targets [N, K], by operations whose sums have one order on
 * a GPU too. TensorFlow's own two refuse there (`Unimplemented`) where TF_DETERMINISTIC_OPS asks for that.
 */
export function composedCrossEntropy(logits: Tensor2D, targets: Tensor2D): CrossEntropy {
  const logarithms = execute<Tensor2D>('LogSoftmax', [float32('T')], [logits]);
  return [targets.mul(logarithms).sum<Tensor1D>(1).neg(), logarithms.exp().sub<Tensor2D>(targets)];
}

/** As `composedCrossEntropy`, against class numbers [N] (int32). */
export function composedSparseCrossEntropy(logits: Tensor2D, labels: Tensor): CrossEntropy {
  const [images, classes] = logits.shape;
  const numbers = tf.range(0, classes, 1, 'int32').reshape([1, classes]);
  return composedCrossEntropy(logits, labels.reshape([images, 1]).equal<Tensor2D>(numbers).toFloat());
}
