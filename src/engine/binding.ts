import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunnerError } from '../diagnostics/runner-error.js';
import { findCompiler } from './detect-machine.js';
import type { Libtensorflow } from './libtensorflow.js';
import { runCommand } from './run-command.js';

/** What scripts/build.js copies of other packages; the path is the same seen from src/ and from dist/. */
export const vendorDirectory = fileURLToPath(new URL('../../dist/vendor/', import.meta.url));
export const tfjsBundle = join(vendorDirectory, 'tfjs-node-gpu.cjs');

/** @throws RunnerError `not-built` */
export function requireVendor(): void {
  if (!existsSync(tfjsBundle)) {
    throw new RunnerError([{ kind: 'environment', reason: 'not-built', path: tfjsBundle }]);
  }
}

const options = ['-std=c++17', '-shared', '-fPIC', '-O2', '-DNAPI_VERSION=8'];

/** SHA-256 over the sources, the headers and the options: a binding of another hash is another binding. */
export async function hashBindingSource(): Promise<string> {
  const hash = createHash('sha256').update(options.join(' '));
  for (const folder of ['binding', 'node-api']) {
    for (const name of (await readdir(join(vendorDirectory, folder))).sort()) {
      hash.update(`\0${name}\0`).update(await readFile(join(vendorDirectory, folder, name)));
    }
  }
  return hash.digest('hex');
}

/**
 * Compiles the binding between Node and TensorFlow's C interface: one call of the compiler, no build tool.
 * It is N-API, so that it serves every version of Node.
 * @throws RunnerError `missing-compiler`, `engine-compile-failed`
 */
export async function compileBinding(library: Libtensorflow, path: string): Promise<void> {
  const { command, tried } = await findCompiler();
  if (command === null) throw new RunnerError([{ kind: 'environment', reason: 'missing-compiler', tried }]);
  const args = [
    ...options,
    ...['-I', join(vendorDirectory, 'node-api'), '-I', join(library.directory, 'include')],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(vendorDirectory, 'binding', name)),
    ...['-o', path],
    ...library.libraries,
    ...['-Xlinker', '-rpath', '-Xlinker', join(library.directory, 'lib')],
  ];
  const { code, output } = await runCommand(command, args);
  if (code !== 0) {
    const compilation = [command, ...args].join(' ');
    throw new RunnerError([
      { kind: 'environment', reason: 'engine-compile-failed', command: compilation, output },
    ]);
  }
}
