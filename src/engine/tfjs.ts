import { createRequire, Module } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as Tfjs from '@tensorflow/tfjs-node-gpu';
import { WasmBinding } from '../engines/wasm/wasm-binding.js';

export type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-node-gpu';

const require = createRequire(import.meta.url);

// tfjs-node 4.22 calls two functions of node:util: Node 23 removed the first, and warns of the second.
const util = require('node:util') as Record<string, unknown>;
util['isNullOrUndefined'] = (value: unknown) => value === null || value === undefined;
util['isArray'] = Array.isArray;

// TensorFlow.js requires its binding by a path. Of the WebAssembly engine it finds what is made here.
const path = process.env.RUNNER_TFJS_BINDING;
if (path?.endsWith('.wasm')) {
  require.cache[path] = Object.assign(new Module(path), { exports: new WasmBinding(path), loaded: true });
}

/**
 * TensorFlow.js with the native backend: the one place that loads it. Its binding is found through the
 * variable RUNNER_TFJS_BINDING, and the device is chosen by the environment that the process was started with
 * (see trial-environment.ts). The path is the same seen from src/ (tests) and from dist/.
 */
export const tf = require(
  fileURLToPath(new URL('../../dist/vendor/tfjs-node-gpu.cjs', import.meta.url)),
) as typeof Tfjs;
