/**
 * The network's operations on a CPU, by kernels of our own (src/native, compiled into the binding): fewer and
 * faster ones than TensorFlow's, whose wheel is compiled for processors of 2011. The same functions as in
 * stock-operations.ts, to rounding.
 */
import { differentiable } from './differentiable.js';
import type { BatchStatistics, NetworkOperations } from './network-operations.js';
import { outliving } from './outliving.js';
import { execute, executeMany, integer } from './raw-operations.js';
import type { Tensor1D, Tensor4D } from './tfjs.js';

const depthwiseByStride = {
  1: makeConvolution('RunnerDepthwise', [integer('stride', 1)]),
  2: makeConvolution('RunnerDepthwise', [integer('stride', 2)]),
};
const pointwise = makeConvolution('RunnerPointwise', []);
const image = makeConvolution('RunnerImageConvolution', []);

/** As native/kernels/batch_norm.cc counts them. */
const clipAttributes = { none: [integer('clip', 0)], relu6: [integer('clip', 1)] };

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

  batchNorm: (x, gamma, beta, clip) =>
    outliving((outlive) => {
      let statistics!: BatchStatistics;
      const attributes = clipAttributes[clip];
      const normalize = differentiable(([x, gamma, beta], save) => {
        const [y, mean, variance] = executeMany('RunnerBatchNorm', attributes, [x!, gamma!, beta!], 3);
        save([x!, gamma!, beta!, mean!, variance!]);
        statistics = {
          mean: outlive(mean as Tensor1D),
          variance: outlive(variance as Tensor1D),
          correction: 1,
        };
        return {
          value: y!,
          gradient: (dy, saved) => executeMany('RunnerBatchNormGradient', attributes, [...saved, dy], 3),
        };
      });
      return { y: normalize(x, gamma, beta) as Tensor4D, statistics };
    }),

  batchNormInference: (x, gamma, beta, mean, variance, clip) =>
    execute<Tensor4D>('RunnerBatchNormInference', clipAttributes[clip], [x, gamma, beta, mean, variance]),
};
