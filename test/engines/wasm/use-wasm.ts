/** Loaded first, it makes TensorFlow.js compute with the WebAssembly engine in this process. */
import { wasmPath } from './wasm-path.js';

process.env.RUNNER_TFJS_BINDING = wasmPath;
