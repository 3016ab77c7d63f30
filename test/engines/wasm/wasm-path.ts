import { fileURLToPath } from 'node:url';

/** The module as it is committed. */
export const wasmPath = fileURLToPath(new URL('../../../src/engines/wasm/engine.wasm', import.meta.url));
