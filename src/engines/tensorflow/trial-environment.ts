import type { ProvisionedEngine } from '../../provision/provision-engine.js';

export interface TrialDevice {
  /** The driver's number of the GPU; null on the CPU. */
  readonly gpuIndex: number | null;
  /** Threads within one operation. Results are the same to the last digit only for the same number. */
  readonly threads: number;
}

/**
 * The environment that a process needs before TensorFlow loads into it, to be laid over the parent's.
 * The GPU's part is written from TensorFlow's documentation: there was no GPU to try it on.
 */
export function tensorflowEnvironment(
  engine: Pick<ProvisionedEngine, 'bindingPath' | 'libraryPath' | 'cudaDirectory'>,
  { gpuIndex, threads }: TrialDevice,
): Record<string, string> {
  const common = {
    RUNNER_TFJS_BINDING: engine.bindingPath,
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1', // eager operations run one after the other
    OMP_NUM_THREADS: String(threads),
    TF_DETERMINISTIC_OPS: '1',
    // The C library would give large tensors back to the system at each step and take fresh pages, which the
    // system fills with zeros: 5 % of a step at alpha 1.0, 56 pixels.
    GLIBC_TUNABLES: 'glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=8589934592',
    ...(engine.libraryPath.length > 0 && { LD_LIBRARY_PATH: engine.libraryPath.join(':') }),
  };
  if (gpuIndex === null) return { ...common, CUDA_VISIBLE_DEVICES: '-1' };
  return {
    ...common,
    CUDA_VISIBLE_DEVICES: String(gpuIndex),
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID', // the order of nvidia-smi, which gives the index
    TF_FORCE_GPU_ALLOW_GROWTH: 'true', // or the first of several trials would take all memory
    ...(engine.cudaDirectory !== null && { XLA_FLAGS: `--xla_gpu_cuda_data_dir=${engine.cudaDirectory}` }),
  };
}
