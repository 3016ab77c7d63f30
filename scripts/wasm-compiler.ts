import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from '../bench/python-environment.js';
import { runCommand } from '../src/system/run-command.js';
import { tilesSource } from './wasm-tiles.js';

/** Another version is another program: its digits may differ. It has Clang 20, and headers and library for WebAssembly. */
const compiler = 'ziglang==0.15.2';

const root = fileURLToPath(new URL('../', import.meta.url));
const sources = join(root, 'src');

/**
 * Plain SIMD, which every Node from 20 on has without a flag, and whose results the standard fixes to the bit. Vectors of
 * four floats and tiles of four rows: larger ones do not fit into the fifteen registers that V8 uses. Addresses stay as
 * they are written (LSR is LLVM's loop strength reduction): V8 takes a constant offset into an instruction of its own,
 * where a second pointer costs an addition in every step.
 */
const options = [
  ...['--target=wasm32-wasi', '-mexec-model=reactor', '-std=c++17', '-O3', '-fno-exceptions', '-fno-rtti'],
  ...['-ffp-contract=off', '-mllvm', '-disable-lsr', '-msimd128', '-DRUNNER_LANES=4', '-DRUNNER_TILE_ROWS=4'],
  ...['-I', 'engines/wasm/native', '-I', 'native/support'],
  ...['-Wl,--strip-all', '-Wl,--max-memory=4294901760', '-Wl,-z,stack-size=1048576'],
];

/** The interpreter whose `ziglang` compiles; null where it cannot be installed here, which standard error says. */
export const findZig = (): Promise<string | null> =>
  pythonEnvironment("What compiles the WebAssembly engine's module is", [compiler]);

/** @throws Error with what the compiler says */
export async function buildWasm(zig: string, target: string): Promise<void> {
  const own = await sourcesIn('engines/wasm/native');
  const kernels = await sourcesIn('native/kernels');
  const support = await sourcesIn('native/support');
  const written = await mkdtemp(join(tmpdir(), 'product-tiles-'));
  try {
    const tiles = join(written, 'product-tiles.cc');
    await writeFile(tiles, tilesSource());
    const args = ['-m', 'ziglang', 'c++', ...options, ...own, ...kernels, ...support, tiles, '-o', target];
    // Paths from src on, so that none of this machine is in the module.
    const { code, output } = await runCommand(zig, args, { cwd: sources });
    if (code !== 0) throw new Error(output);
  } finally {
    await rm(written, { recursive: true });
  }
  await chmod(target, 0o644);
}

async function sourcesIn(folder: string): Promise<string[]> {
  const names = (await readdir(join(sources, folder))).filter((name) => name.endsWith('.cc')).sort();
  return names.map((name) => relative(sources, join(sources, folder, name)));
}
