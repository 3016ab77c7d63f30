import { cpuOperations } from './cpu-operations.js';
import type { NetworkOperations } from './network-operations.js';
import { stockOperations } from './stock-operations.js';
import { tf } from './tfjs.js';

/** The fastest that there are for the device of this process. */
export const deviceOperations: NetworkOperations = (tf.backend() as unknown as { isUsingGpuDevice: boolean })
  .isUsingGpuDevice
  ? stockOperations
  : cpuOperations;
