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
  const one = backend.executeSingleOutput.bind(backend);
  const many = backend.executeMultipleOutputs.bind(backend);
  const count = (operation: string, inputs: Tensor[], output: Tensor) => {
    const kernel = inputs.at(-1)!;
    if (operation in channels)
      multiplyAdds += (output.size / output.shape.at(-1)!) * kernel.size * channels[operation]!;
  };
  backend.executeSingleOutput = (operation, attributes, inputs) => {
    const output = one(operation, attributes, inputs);
    count(operation, inputs, output);
    return output;
  };
  backend.executeMultipleOutputs = (operation, attributes, inputs, outputs) => {
    const results = many(operation, attributes, inputs, outputs);
    if (results.length > 0) count(operation, inputs, results[0]!);
    return results;
  };
  try {
    tf.tidy(() => classifier.logits(tf.zeros([1, size, size, 1])));
  } finally {
    backend.executeSingleOutput = one;
    backend.executeMultipleOutputs = many;
  }
  const { parameters, movingMean, movingVariance } = classifier.values();
  const tensors: Tensor[] = [...parameters.values(), movingMean, movingVariance];
  const numbers = tensors.reduce((sum, tensor) => sum + tensor.size, 0);
  tf.dispose(tensors);
  return { parameters: numbers, multiplyAdds };
}
