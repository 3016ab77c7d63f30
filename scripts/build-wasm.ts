/** Writes src/engines/wasm/engine.wasm again: `npx tsx scripts/build-wasm.ts`, after any change of the C++ in it. */
import { fileURLToPath } from 'node:url';
import { buildWasm, findZig } from './wasm-compiler.js';

const zig = await findZig();
if (zig === null) process.exit(2); // said why
await buildWasm(zig, fileURLToPath(new URL('../src/engines/wasm/engine.wasm', import.meta.url)));
