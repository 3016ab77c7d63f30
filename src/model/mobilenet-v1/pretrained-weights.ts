import { RunnerError } from '../../diagnostics/runner-error.js';
import type { PretrainedValues } from '../initial-values.js';
import { kernelShape, type Layer } from './layers.js';
import { count } from '../../diagnostics/count.js';

/**
 * Reads the layers of a Keras weight file without top (HDF5, tensors by layer name). Every kernel is called `kernel`.
 * @throws RunnerError `weights-corrupt` where a tensor is missing or has another size, or the file is not HDF5.
 */
export async function readPretrainedWeights(
  path: string,
  layers: readonly Layer[],
): Promise<PretrainedValues> {
  const corrupt = (detail: string) =>
    new RunnerError([{ kind: 'environment', reason: 'weights-corrupt', path, detail }]);
  const { default: h5wasm } = await import('h5wasm/node'); // 0.13 s of processor time, which random weights do not need
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
      layers.flatMap((layer) => {
        const [bn, size] = [`${layer.name}_bn`, layer.outChannels];
        const kernel = layer.kind === 'depthwise' ? 'depthwise_kernel' : 'kernel';
        const kernelSize = kernelShape(layer).reduce((a, b) => a * b);
        const ofBatchNorm = ['gamma', 'beta', 'moving_mean', 'moving_variance'] as const;
        return [
          [`${layer.name}/kernel`, read(layer.name, kernel, kernelSize)] as const,
          ...ofBatchNorm.map((tensor) => [`${bn}/${tensor}`, read(bn, tensor, size)] as const),
        ];
      }),
    );
  } finally {
    file.close();
  }
}
