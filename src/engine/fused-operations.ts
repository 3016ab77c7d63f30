/** Operations that TensorFlow has as one kernel and that TensorFlow.js builds from many or lacks. */
import {
  composedCrossEntropy,
  composedSparseCrossEntropy,
  type CrossEntropy,
} from './composed-cross-entropy.js';
import { usesGpuOperations } from './device-operations.js';
import { differentiable } from './differentiable.js';
import { execute, executeMany, flag, float32, int32, shapeTensor, uint8 } from './raw-operations.js';
import { tf, type Scalar, type Tensor, type Tensor1D, type Tensor2D } from './tfjs.js';

/** Mean cross-entropy, nats: logits [N, K] against class numbers [N] (int32); each loss times its weight [N], where given. */
export function sparseSoftmaxCrossEntropy(
  logits: Tensor2D,
  labels: Tensor1D,
  weights: Tensor1D | null = null,
): Scalar {
  const kernel = byKernel('SparseSoftmaxCrossEntropyWithLogits', [float32('T'), int32('Tlabels')]);
  return meanCrossEntropy(usesGpuOperations ? composedSparseCrossEntropy : kernel, logits, labels, weights);
}

/** As `sparseSoftmaxCrossEntropy`, against the share of each class, targets [N, K]. */
export function softmaxCrossEntropy(
  logits: Tensor2D,
  targets: Tensor2D,
  weights: Tensor1D | null = null,
): Scalar {
  const kernel = byKernel('SoftmaxCrossEntropyWithLogits', [float32('T')]);
  return meanCrossEntropy(usesGpuOperations ? composedCrossEntropy : kernel, logits, targets, weights);
}

/** The losses [N] and the gradient of each with respect to its logits [N, K] by one kernel. */
const byKernel =
  (operation: string, attributes: Parameters<typeof execute>[1]) => (logits: Tensor2D, labels: Tensor) =>
    executeMany(operation, attributes, [logits, labels], 2) as [Tensor1D, Tensor2D];

function meanCrossEntropy<L extends Tensor>(
  crossEntropy: (logits: Tensor2D, labels: L) => CrossEntropy,
  logits: Tensor2D,
  labels: L,
  weights: Tensor1D | null,
): Scalar {
  const loss = differentiable(([logits], save) => {
    const [losses, gradient] = crossEntropy(logits as Tensor2D, labels);
    save([weights ? gradient.mul(weights.reshape([-1, 1])) : gradient]);
    return {
      value: (weights ? losses.mul(weights) : losses).mean(),
      gradient: (dy, saved) => [saved[0]!.mul(dy.div(logits!.shape[0]))],
    };
  });
  return loss(logits) as Scalar;
}

/** Two int32. In a graph function a tensor, since numbers would be recorded as they are. */
export type Seed = readonly [number, number] | Tensor1D;

const seedTensor = (seed: Seed): Tensor1D =>
  seed instanceof tf.Tensor ? seed : tf.tensor1d([...seed], 'int32');

/** Uniform numbers in [0, 1), a pure function of the seed: the same on every run of one engine. */
export function statelessUniform<T extends Tensor = Tensor>(dimensions: readonly number[], seed: Seed): T {
  return tf.tidy(() =>
    execute<T>(
      'StatelessRandomUniform',
      [int32('T'), float32('dtype'), int32('Tseed')],
      [shapeTensor(dimensions), seedTensor(seed)],
    ),
  );
}

/** Draws of the gamma distribution of shape `alpha` and scale 1, a pure function of the seed. */
export function statelessGamma(dimensions: readonly number[], alpha: number, seed: Seed): Tensor {
  return tf.tidy(() =>
    execute(
      'StatelessRandomGammaV2',
      [float32('dtype'), int32('T'), int32('Tseed')],
      [shapeTensor(dimensions), seedTensor(seed), tf.scalar(alpha)],
    ),
  );
}

/** Rows [B, …] of x [N, …] by their indices [B] (int32). tf.gather reads the indices back to check them. */
export function gatherRows<T extends Tensor>(x: T, indices: Tensor1D): T {
  return execute<T>(
    'GatherV2',
    [(x.dtype === 'int32' ? int32 : float32)('Tparams'), int32('Tindices'), int32('Taxis')],
    [x, indices, tf.scalar(0, 'int32')],
  );
}

/**
 * Bytes in the machine's order, four in a number [N, K]. On a GPU the numbers are called float32: TensorFlow.js leaves int32
 * in the host's memory, from where TensorFlow would take all of them to the GPU at every step, since it gathers rows there.
 */
export function packedTensor(
  packed: Int32Array,
  shape: [number, number],
  isOnGpu = usesGpuOperations,
): Tensor2D {
  if (!isOnGpu) return tf.tensor2d(packed, shape, 'int32');
  const sameBits = new Float32Array(packed.buffer, packed.byteOffset, packed.length);
  return tf.tensor2d(sameBits, shape, 'float32');
}

/** Bytes [N, 4·K] from numbers [N, K] that hold them as `packedTensor` has them; float32, 0 to 255. */
export function unpackBytes(packed: Tensor2D): Tensor2D {
  return tf.tidy(() => {
    const bytes = execute(
      'Bitcast',
      [(packed.dtype === 'int32' ? int32 : float32)('T'), uint8('type')],
      [packed],
    ); // uint8 [N, K, 4]
    const numbers = execute('Cast', [uint8('SrcT'), float32('DstT'), flag('Truncate', false)], [bytes]);
    return numbers.reshape<Tensor2D>([packed.shape[0], packed.shape[1] * 4]);
  });
}
