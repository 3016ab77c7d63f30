import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { findCompiler } from './find-tool.js';
import type { InstructionSet } from './instruction-set.js';
import type { Libtensorflow } from './libtensorflow.js';
import { runCommand } from '../../system/run-command.js';

/** What scripts/build.js copies of other packages; the path is the same seen from src/ and from dist/. */
export const vendorDirectory = fileURLToPath(new URL('../../../dist/vendor/', import.meta.url));
export const tfjsBundle = join(vendorDirectory, 'tfjs-node-gpu.cjs');

/** @throws RunnerError `not-built` */
export function requireVendor(): void {
  if (!existsSync(tfjsBundle)) {
    throw new RunnerError([{ kind: 'environment', reason: 'not-built', path: tfjsBundle }]);
  }
}

/** The compiler's options. They are part of the hash: machines with other processors may share the cache. */
const compilerOptions = ({ options }: InstructionSet): readonly string[] => [
  ...['-std=c++17', '-shared', '-fPIC', '-O3', '-pthread', '-DNAPI_VERSION=8'],
  ...options,
];

/** Our own C++: what is TensorFlow's, the kernels, and what these share. */
const nativeFolders = ['native/tensorflow', 'native/kernels', 'native/support'];

async function sourcesIn(folder: string): Promise<string[]> {
  const directory = join(vendorDirectory, folder);
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return names.sort().map((name) => join(directory, name));
}

/** SHA-256 over the sources, the headers and the options: a binding of another hash is another binding. */
export async function hashBindingSource(instructionSet: InstructionSet): Promise<string> {
  const hash = createHash('sha256').update(compilerOptions(instructionSet).join(' '));
  for (const folder of ['binding', ...nativeFolders, 'node-api']) {
    for (const path of await sourcesIn(folder)) {
      hash.update(`\0${relative(vendorDirectory, path)}\0`).update(await readFile(path));
    }
  }
  return hash.digest('hex');
}

/**
 * Compiles the binding between Node and TensorFlow's C interface, and our kernels into it: one call of the
 * compiler, no build tool. It is N-API, so that it serves every version of Node.
 * @throws RunnerError `missing-compiler`, `engine-compile-failed`
 */
export async function compileBinding(
  library: Libtensorflow,
  instructionSet: InstructionSet,
  path: string,
): Promise<void> {
  const command = await requireCompiler();
  const all = await Promise.all(['binding', ...nativeFolders].map(sourcesIn));
  const sources = all.flat().filter((path) => path.endsWith('.cc') && basename(path) !== 'tfjs_binding.cc'); // which graph_function.cc includes
  const args = [
    ...compilerOptions(instructionSet),
    ...['-I', join(vendorDirectory, 'node-api'), '-I', join(library.directory, 'include')],
    ...['binding', 'native/tensorflow', 'native/support'].flatMap((folder) => [
      '-I',
      join(vendorDirectory, folder),
    ]),
    ...sources,
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

/** Whether the compiler can compile for a processor. @throws RunnerError `missing-compiler` */
export async function canCompileFor({ options }: InstructionSet): Promise<boolean> {
  const args = [...options, '-x', 'c++', '-fsyntax-only', '/dev/null'];
  return (await runCommand(await requireCompiler(), args, { timeoutMs: 30_000 })).code === 0;
}

async function requireCompiler(): Promise<string> {
  const { command, tried } = await findCompiler();
  if (command === null) throw new RunnerError([{ kind: 'environment', reason: 'missing-compiler', tried }]);
  return command;
}
