import h5wasm from 'h5wasm/node';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { kernelShape, type Layer } from './layers.js';
import { count } from '../../diagnostics/count.js';

/** Values of one convolution and its batch normalisation, flat, in row-major order of Keras' shapes. */
export interface PretrainedLayer {
  readonly kernel: Float32Array;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly movingMean: Float32Array;
  readonly movingVariance: Float32Array;
}

export type PretrainedValues = ReadonlyMap<string, PretrainedLayer>;

/**
 * Reads the layers of a Keras weight file without top (HDF5, tensors by layer name).
 * @throws RunnerError `weights-corrupt` where a tensor is missing or has another size, or the file is not HDF5.
 */
export async function readPretrainedWeights(
  path: string,
  layers: readonly Layer[],
): Promise<PretrainedValues> {
  const corrupt = (detail: string) =>
    new RunnerError([{ kind: 'environment', reason: 'weights-corrupt', path, detail }]);
  await h5wasm.ready;
  const attempt = <T>(what: string, action: () => T): T => {
    try {
      return action();
    } catch (error) {
      if (error instanceof RunnerError) throw error;
      throw corrupt(`${what} (${error instanceof Error ? error.message : String(error)})`);
    }
  };
  const file = attempt('it cannot be opened as HDF5', () => new h5wasm.File(path, 'r')); // on the real file system
  if (file.file_id < 0n) throw corrupt('it cannot be opened as HDF5: it is damaged or cut short');
  try {
    const read = (layer: string, tensor: string, size: number): Float32Array => {
      const key = `${layer}/${layer}/${tensor}:0`;
      return attempt(`\`${key}\` cannot be read`, () => {
        const dataset = file.get(key);
        if (!(dataset instanceof h5wasm.Dataset) || dataset.dtype !== '<f')
          throw corrupt(`it has no float32 tensor \`${key}\``);
        // The shape that the file declares comes first: a value is allocated as large as that says.
        const declared = dataset.shape?.reduce((a, b) => a * b, 1);
        if (declared !== size)
          throw corrupt(`\`${key}\` has ${count(declared ?? 0, 'number')}, expected ${size}`);
        const { value } = dataset;
        if (value instanceof Float32Array && value.length === size) return value;
        throw corrupt(`\`${key}\` cannot be read`);
      });
    };
    return new Map(
      layers.map((layer) => {
        const kernel = layer.kind === 'depthwise' ? 'depthwise_kernel' : 'kernel';
        const bn = `${layer.name}_bn`;
        const size = layer.outChannels;
        return [
          layer.name,
          {
            kernel: read(
              layer.name,
              kernel,
              kernelShape(layer).reduce((a, b) => a * b),
            ),
            gamma: read(bn, 'gamma', size),
            beta: read(bn, 'beta', size),
            movingMean: read(bn, 'moving_mean', size),
            movingVariance: read(bn, 'moving_variance', size),
          },
        ] as const;
      }),
    );
  } finally {
    file.close();
  }
}
