import { setFlagsFromString } from 'node:v8';

/** Of Node 24 and 26: with these every digit was the same (test/engines/wasm/digits.test.ts). Node 20 and 22 do not have it. */
const tested = ['13.6.', '14.6.'];

/**
 * Lets V8 compute two neighbouring vectors of four floats as one of eight, where the processor has AVX2. Lanes are
 * independent, so this changes no digit. V8 calls it experimental: it is asked for in versions that were tested only, and
 * not where the variable RUNNER_WASM_VECTORS is 128. What is compiled from now on has it.
 * @returns whether it was asked for
 */
export function widenVectors(): boolean {
  const isTested =
    process.arch === 'x64' && tested.some((version) => process.versions.v8.startsWith(version));
  const isWanted = isTested && process.env.RUNNER_WASM_VECTORS !== '128';
  if (isWanted) setFlagsFromString('--experimental-wasm-revectorize');
  return isWanted;
}
