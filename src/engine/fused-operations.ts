/** Operations that TensorFlow has as one kernel and that TensorFlow.js builds from many or lacks. */
import { differentiable } from './differentiable.js';
import { execute, executeMany, flag, float32, int32, shapeTensor, uint8 } from './raw-operations.js';
import { tf, type Scalar, type Tensor, type Tensor1D, type Tensor2D } from './tfjs.js';

/** Mean cross-entropy, nats: logits [N, K] against class numbers [N] (int32); each loss times its weight [N], where given. */
export function sparseSoftmaxCrossEntropy(
  logits: Tensor2D,
  labels: Tensor1D,
  weights: Tensor1D | null = null,
): Scalar {
  const attributes = [float32('T'), int32('Tlabels')];
  return meanCrossEntropy('SparseSoftmaxCrossEntropyWithLogits', attributes, logits, labels, weights);
}

/** As `sparseSoftmaxCrossEntropy`, against the share of each class, targets [N, K]. */
export function softmaxCrossEntropy(
  logits: Tensor2D,
  targets: Tensor2D,
  weights: Tensor1D | null = null,
): Scalar {
  return meanCrossEntropy('SoftmaxCrossEntropyWithLogits', [float32('T')], logits, targets, weights);
}

/** By an operation that gives the losses [N] and the gradient of each with respect to its logits [N, K]. */
function meanCrossEntropy(
  operation: string,
  attributes: Parameters<typeof execute>[1],
  logits: Tensor2D,
  labels: Tensor,
  weights: Tensor1D | null,
): Scalar {
  const loss = differentiable(([logits], save) => {
    const [losses, gradient] = executeMany(operation, attributes, [logits!, labels], 2) as [Tensor, Tensor];
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

/** Bytes [N, 4·K] from int32 [N, K] that holds them in the machine's order; float32, 0 to 255. */
export function unpackBytes(packed: Tensor2D): Tensor2D {
  return tf.tidy(() => {
    const bytes = execute('Bitcast', [int32('T'), uint8('type')], [packed]); // uint8 [N, K, 4]
    const numbers = execute('Cast', [uint8('SrcT'), float32('DstT'), flag('Truncate', false)], [bytes]);
    return numbers.reshape<Tensor2D>([packed.shape[0], packed.shape[1] * 4]);
  });
}
