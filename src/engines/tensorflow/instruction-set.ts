/** Sets of vector instructions that the kernels are compiled for, the widest first: each holds all that follow it. */
const levels = [
  {
    name: 'avx512',
    needs: ['avx512f', 'avx512vl', 'avx512bw', 'avx512dq', 'avx2', 'fma'],
    options: ['-mavx512f', '-mavx512vl', '-mavx512bw', '-mavx512dq', '-mavx2', '-mfma'],
  },
  { name: 'avx2', needs: ['avx2', 'fma'], options: ['-mavx2', '-mfma'] },
] as const;

export interface InstructionSet {
  readonly name: 'avx512' | 'avx2' | 'baseline';
  /** For the compiler (GCC or Clang). */
  readonly options: readonly string[];
}

const baseline: InstructionSet = { name: 'baseline', options: [] };

/** What every processor listed has in common, of /proc/cpuinfo. Other architectures compile for their baseline. */
export function instructionSetOf(cpuinfo: string): InstructionSet {
  const flags = [...cpuinfo.matchAll(/^flags\s*:(.*)$/gm)].map(
    ([, list]) => new Set(list!.trim().split(/\s+/)),
  );
  const level =
    flags.length > 0 &&
    levels.find(({ needs }) => needs.every((need) => flags.every((set) => set.has(need))));
  return level || baseline;
}

/** Those that processors of an architecture may have, the widest first. @param arch as Node names it */
export const instructionSetsOf = (arch: string): readonly InstructionSet[] =>
  arch === 'x64' ? [...levels, baseline] : [baseline];
