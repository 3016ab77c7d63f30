import { closeSync, openSync, readSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

/** Of Node 24 and 26: with these every digit was the same (test/engines/wasm/digits.test.ts). Node 20 and 22 do not have it. */
const tested = ['13.6.', '14.6.'];

/**
 * Lets V8 compute two neighbouring vectors of four floats as one of eight. Lanes are independent, so this changes no
 * digit. V8 calls it experimental: it is asked for in versions that were tested only, and not where the variable
 * RUNNER_WASM_VECTORS is 128. What is compiled from now on has it.
 * @returns whether it was asked for
 */
export function widenVectors(): boolean {
  const isWanted = process.env.RUNNER_WASM_VECTORS !== '128';
  const joins = isWanted && joinsVectors(process.versions.v8, process.arch, firstProcessor());
  if (joins) setFlagsFromString('--experimental-wasm-revectorize');
  return joins;
}

/**
 * Whether V8 can do it, as far as one can tell: on x86-64 with AVX2, which a processor has unless Linux says that it has not.
 * @param v8 its version @param arch as Node names it @param cpuinfo the beginning of /proc/cpuinfo, empty elsewhere
 */
export function joinsVectors(v8: string, arch: string, cpuinfo: string): boolean {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
  const lacksAvx2 = flags !== undefined && !flags.split(' ').includes('avx2');
  return arch === 'x64' && !lacksAvx2 && tested.some((version) => v8.startsWith(version));
}

/** What /proc/cpuinfo says of the first processor; empty where there is no such file. */
function firstProcessor(): string {
  try {
    const file = openSync('/proc/cpuinfo', 'r');
    try {
      const bytes = Buffer.alloc(8192);
      return bytes.toString('latin1', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
