import { backend } from '../src/engine/raw-operations.js';
import { tf, type Tensor } from '../src/engine/tfjs.js';
import type { Classifier } from '../src/train/classifier.js';
import type { Work } from './work.js';

/**
 * How many of the published network's channels an operation's input channel stands for: the first convolution of a
 * grey image runs on one channel, with the kernels of the three equal ones summed, and counts as the three.
 */
const channels: Readonly<Record<string, number>> = {
  RunnerImageConvolution: 3,
  RunnerDepthwise: 1,
  RunnerPointwise: 1,
  BatchMatMulV2: 1, // the dense layer
  Conv2D: 3, // from here on, what a GPU has in their place
  DepthwiseConv2dNative: 1,
  MatMul: 1,
};

/** Counts from the shapes of the operations that the engine runs for one image of `size` pixels. */
export function countWork(classifier: Classifier, size: number): Work {
  let multiplyAdds = 0;
  const execute = backend.executeSingleOutput.bind(backend);
  const counting: typeof execute = (operation, attributes, inputs) => {
    const output = execute(operation, attributes, inputs);
    const kernel = inputs[1];
    if (operation in channels)
      multiplyAdds += (output.size / output.shape.at(-1)!) * kernel!.size * channels[operation]!;
    return output;
  };
  backend.executeSingleOutput = counting;
  try {
    tf.tidy(() => classifier.logits(tf.zeros([1, size, size, 1])));
  } finally {
    backend.executeSingleOutput = execute;
  }
  const { parameters, movingMean, movingVariance } = classifier.values();
  const tensors: Tensor[] = [...parameters.values(), movingMean, movingVariance];
  const count = tensors.reduce((sum, tensor) => sum + tensor.size, 0);
  tf.dispose(tensors);
  return { parameters: count, multiplyAdds };
}
