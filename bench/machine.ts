import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { instructionSetOf } from '../src/engines/tensorflow/instruction-set.js';
import { cores } from './programs.js';

/** Sets of instructions that decide how fast matrix products are, as /proc/cpuinfo calls them. */
const telling = ['avx2', 'fma', 'avx512f', 'avx512_bf16', 'avx512_vnni', 'amx_bf16'];

/** The processor and its instruction sets. In a virtual machine the name says little, the family and model more. */
export function describeMachine(): string {
  const cpuinfo = readFileSync('/proc/cpuinfo', 'utf8');
  const field = (name: string) => new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(cpuinfo)?.[1] ?? 'unknown';
  const flags = field('flags').split(' ');
  const has = telling.filter((flag) => flags.includes(flag));
  const lacks = telling.filter((flag) => !flags.includes(flag));
  const sets = [
    `has ${has.join(', ') || 'none of these'}`,
    ...(lacks.length > 0 ? [`lacks ${lacks.join(', ')}`] : []),
  ];
  return (
    `${cpus()[0]!.model} (family ${field('cpu family')}, model ${field('model')}), ${cores} cores; ${sets.join('; ')}; ` +
    `our kernels are compiled for ${instructionSetOf(cpuinfo).name}`
  );
}
