import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { instructionSetOf } from '../src/engines/tensorflow/instruction-set.js';
import { runCommand } from '../src/system/run-command.js';

/** Of one core. */
export interface Ceilings {
  /** Multiply-adds in registers, GFLOP/s. */
  readonly peak: number;
  /** Of a copy in memory, read and written, GB/s. */
  readonly copy: number;
  /** The network's 1×1 convolutions: rows × depth · depth × columns, GFLOP/s from memory that is in no cache. */
  readonly products: readonly {
    readonly rows: number;
    readonly depth: number;
    readonly columns: number;
    readonly multiply: number;
    readonly correlate: number;
  }[];
}

/** Compiles products.cc with the kernels as they are compiled for this processor, and runs it. */
export async function measureCeilings(alpha: number, size: number, batch: number): Promise<Ceilings> {
  const here = dirname(fileURLToPath(import.meta.url));
  const support = join(here, '../src/native/support');
  const folder = await mkdtemp(join(tmpdir(), 'runner-products-'));
  try {
    const { options } = instructionSetOf(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''));
    const program = join(folder, 'products');
    const sources = [
      join(here, 'products.cc'),
      ...['matrix', 'buffer', 'bfloat16'].map((name) => join(support, `${name}.cc`)),
    ];
    const compiled = await runCommand('c++', [
      '-std=c++17',
      '-O3',
      ...options,
      '-I',
      support,
      ...sources,
      '-o',
      program,
    ]);
    if (compiled.code !== 0) throw new Error(compiled.output);
    const { code, output } = await runCommand(program, [alpha, size, batch].map(String));
    if (code !== 0) throw new Error(output);
    return JSON.parse(output) as Ceilings;
  } finally {
    await rm(folder, { recursive: true });
  }
}
