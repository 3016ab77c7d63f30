/**
 * The network's operations on a CPU, by kernels of our own (src/native, compiled into the binding): fewer and
 * faster ones than TensorFlow's, whose wheel is compiled for processors of 2011. The same functions as in
 * stock-operations.ts, to rounding.
 */
import { differentiable } from './differentiable.js';
import type { NetworkOperations } from './network-operations.js';
import { execute, executeMany, integer } from './raw-operations.js';
import type { Tensor1D, Tensor4D } from './tfjs.js';

const depthwiseByStride = {
  1: makeConvolution('RunnerDepthwise', [integer('stride', 1)]),
  2: makeConvolution('RunnerDepthwise', [integer('stride', 2)]),
};
const pointwise = makeConvolution('RunnerPointwise', []);
const image = makeConvolution('RunnerImageConvolution', []);

/** An operation of x and kernel, whose gradient is the operation of the same name and `Gradient`. */
function makeConvolution(operation: string, attributes: Parameters<typeof execute>[1]) {
  return differentiable(([x, kernel], save) => {
    save([x!, kernel!]);
    return {
      value: execute(operation, attributes, [x!, kernel!]),
      gradient: (dy, saved) => executeMany(`${operation}Gradient`, attributes, [...saved, dy], 2),
    };
  });
}

export const cpuOperations: NetworkOperations = {
  depthwiseConvolution: (x, kernel, stride) => depthwiseByStride[stride](x, kernel) as Tensor4D,
  pointwiseConvolution: (x, kernel) => pointwise(x, kernel) as Tensor4D,
  imageConvolution: (x, kernel) => image(x, kernel) as Tensor4D,

  batchNormRelu6(x, gamma, beta, keepStatistics) {
    const normalize = differentiable(([x, gamma, beta], save) => {
      const [y, mean, variance] = executeMany('RunnerBatchNorm', [], [x!, gamma!, beta!], 3);
      keepStatistics({ mean: mean as Tensor1D, variance: variance as Tensor1D, correction: 1 });
      save([x!, gamma!, beta!, mean!, variance!]);
      return {
        value: y!,
        gradient: (dy, saved) => executeMany('RunnerBatchNormGradient', [], [...saved, dy], 3),
      };
    });
    return normalize(x, gamma, beta) as Tensor4D;
  },

  batchNormRelu6Inference: (x, gamma, beta, mean, variance) =>
    execute<Tensor4D>('RunnerBatchNormInference', [], [x, gamma, beta, mean, variance]),
};
