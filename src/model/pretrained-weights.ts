import h5wasm from 'h5wasm/node';
import { RunnerError } from '../diagnostics/runner-error.js';
import { kernelShape, type Layer } from './layers.js';

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
  let file: InstanceType<typeof h5wasm.File>;
  try {
    file = new h5wasm.File(path, 'r'); // h5wasm/node reads the real file system
  } catch (error) {
    throw corrupt(`it is not an HDF5 file (${error instanceof Error ? error.message : String(error)})`);
  }
  try {
    const read = (layer: string, tensor: string, size: number): Float32Array => {
      const key = `${layer}/${layer}/${tensor}:0`;
      let value: unknown;
      try {
        value = (file.get(key) as { value?: unknown } | null)?.value;
      } catch (error) {
        throw corrupt(
          `\`${key}\` cannot be read (${error instanceof Error ? error.message : String(error)})`,
        );
      }
      if (!(value instanceof Float32Array)) throw corrupt(`it has no float32 tensor \`${key}\``);
      if (value.length !== size) throw corrupt(`\`${key}\` has ${value.length} numbers, expected ${size}`);
      return value;
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
