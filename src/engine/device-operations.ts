import { cpuOperations } from './cpu-operations.js';
import type { NetworkOperations } from './network-operations.js';
import { stockOperations } from './stock-operations.js';
import { tf } from './tfjs.js';

/**
 * Whether what is made for a GPU is used in this process: on a GPU, or on a CPU to try it there, by RUNNER_GPU_OPERATIONS=1,
 * since the machines on which this program is tested have no GPU.
 */
export const usesGpuOperations =
  (tf.backend() as unknown as { isUsingGpuDevice: boolean }).isUsingGpuDevice ||
  process.env['RUNNER_GPU_OPERATIONS'] === '1';

/** The fastest that there are for the device of this process. */
export const deviceOperations: NetworkOperations = usesGpuOperations ? stockOperations : cpuOperations;
