import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProvisionedEngine } from '../../provision/provision-engine.js';
import { WasmBinding } from './wasm-binding.js';

/** Beside the bundle of TensorFlow.js; the path is the same seen from src/ and from dist/. */
const path = join(fileURLToPath(new URL('../../../dist/vendor/', import.meta.url)), 'engine.wasm');

/** The engine that comes with the package: there is nothing to prepare. */
export function wasmEngine(why: string): ProvisionedEngine {
  return {
    family: 'wasm',
    build: 'simd128',
    why,
    tensorflowVersion: null,
    bindingPath: path,
    instructionSet: 'simd128',
    libraryPath: [],
    cudaDirectory: null,
    devices: { kind: 'cpu', cores: availableParallelism() },
  };
}

/** The environment that a process needs to load it, to be laid over the parent's. */
export const wasmEnvironment = (): Record<string, string> => ({ RUNNER_TFJS_BINDING: path });

/** Loads the module and multiplies two matrices. @throws Error where that gives anything but the product */
export function tryWasm(): void {
  const binding = new WasmBinding(path);
  const matrix = binding.createTensor([2, 2], binding.TF_FLOAT, Float32Array.of(1, 2, 3, 4));
  const attributes = ['transpose_a', 'transpose_b'].map((name) => ({
    name,
    type: binding.TF_ATTR_BOOL,
    value: false,
  }));
  const [product] = binding.executeOp('MatMul', attributes, [matrix, matrix], 1);
  const values = Array.from(binding.tensorDataSync(product!.id) as Float32Array).join();
  if (values !== '7,10,15,22') throw new Error(`[[1, 2], [3, 4]] squared gave ${values}`);
}
