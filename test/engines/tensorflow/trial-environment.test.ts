import { expect, test } from 'vitest';
import { tensorflowEnvironment } from '../../../src/engines/tensorflow/trial-environment.js';

const bindingPath = '/cache/engine/tfjs_binding.node';

test('on the CPU, GPUs are hidden and LD_LIBRARY_PATH is left alone', () => {
  const engine = { bindingPath, libraryPath: [], cudaDirectory: null };
  expect(tensorflowEnvironment(engine, { gpuIndex: null, threads: 2 })).toEqual({
    RUNNER_TFJS_BINDING: bindingPath,
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: '2',
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: '2',
    TF_DETERMINISTIC_OPS: '1',
    GLIBC_TUNABLES: expect.stringContaining('glibc.malloc.mmap_threshold=') as string,
    CUDA_VISIBLE_DEVICES: '-1',
  });
});

test('on a GPU, one GPU is visible and its memory is taken as needed', () => {
  const engine = { bindingPath, libraryPath: ['/cuda/cublas', '/cuda/cudnn'], cudaDirectory: '/cuda/nvcc' };
  expect(tensorflowEnvironment(engine, { gpuIndex: 3, threads: 1 })).toMatchObject({
    CUDA_VISIBLE_DEVICES: '3',
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    LD_LIBRARY_PATH: '/cuda/cublas:/cuda/cudnn',
    XLA_FLAGS: '--xla_gpu_cuda_data_dir=/cuda/nvcc',
  });
});
