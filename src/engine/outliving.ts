import { tf, type Tensor } from './tfjs.js';

type Outlive = <T extends Tensor>(tensor: T) => T;

/** What TensorFlow.js declares private: puts a tensor into the current scope. */
const engine = tf.engine() as unknown as { track(tensor: Tensor): void };

/**
 * Runs `action`. A tensor that it hands to `outlive` survives the scopes that TensorFlow.js opens inside, which let
 * only their result out, and belongs to the current scope, like the result.
 */
export function outliving<T>(action: (outlive: Outlive) => T): T {
  const tensors = new Set<Tensor>();
  try {
    return action((tensor) => {
      tensors.add(tf.keep(tensor));
      return tensor;
    });
  } finally {
    for (const tensor of tensors) {
      tensor.kept = false;
      engine.track(tensor);
    }
  }
}
