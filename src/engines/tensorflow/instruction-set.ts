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

/**
 * AMD's Zen 4 executes a vector of 512 bits as two halves: there the kernels with 256 bits are the faster ones (the 13
 * products of the network at alpha 1, 56 pixels: 104 against 92 GFLOP/s of the 117 that a core can do).
 */
const halvesVectors = (cpuinfo: string) =>
  /^vendor_id\s*:\s*AuthenticAMD$/m.test(cpuinfo) && /^cpu family\s*:\s*25$/m.test(cpuinfo);

/**
 * The fastest for the processors listed in /proc/cpuinfo, of what all of them have. Other architectures compile for their
 * baseline.
 */
export function instructionSetOf(cpuinfo: string): InstructionSet {
  const flags = [...cpuinfo.matchAll(/^flags\s*:(.*)$/gm)].map(
    ([, list]) => new Set(list!.trim().split(/\s+/)),
  );
  const level =
    flags.length > 0 &&
    levels.find(
      ({ name, needs }) =>
        !(name === 'avx512' && halvesVectors(cpuinfo)) &&
        needs.every((need) => flags.every((set) => set.has(need))),
    );
  return level || baseline;
}

/** Those that processors of an architecture may have, the widest first. @param arch as Node names it */
export const instructionSetsOf = (arch: string): readonly InstructionSet[] =>
  arch === 'x64' ? [...levels, baseline] : [baseline];
