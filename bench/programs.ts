/** What is compared: this program and its peers, each in the configurations that its users have. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Precision } from '../src/engine/network-operations.js';
import { wasmEngine } from '../src/engines/wasm/provision-wasm.js';
import type { ProvisionedEngine } from '../src/provision/provision-engine.js';
import { whyNoBfloat16 } from '../src/provision/require-precision.js';
import { trialEnvironment } from '../src/provision/trial-environment.js';
import type { StepProgram } from './measure-steps.js';
import { prepareEngine, preparePeer, type Peer } from './prepare.js';

const here = dirname(fileURLToPath(import.meta.url));
export const cores = availableParallelism();

export interface Size {
  readonly alpha: number;
  readonly size: number;
}
export const sizes: readonly Size[] = [
  { alpha: 0.25, size: 32 },
  { alpha: 0.5, size: 56 },
  { alpha: 1, size: 56 },
];
export const batch = 64;

export function nameOf({ alpha, size }: Size): string {
  return `${alpha}x${size}`;
}

export interface Contestant {
  readonly name: string;
  /** Peers that are variants of one another share it: the best of them counts. */
  readonly family: 'runner' | Peer;
  program(size: Size, threads: number): StepProgram;
}

const peers = [
  { name: 'Keras', family: 'keras', script: 'keras_step.py', variant: [] },
  { name: 'PyTorch', family: 'torch', script: 'torch_step.py', variant: [] },
  { name: 'torch.compile', family: 'torch', script: 'torch_step.py', variant: ['compile'] },
] as const;

/** Steps of this program, by step-process.ts. */
export const stepProgram = (
  { alpha, size }: Size,
  batch: number,
  environment: Readonly<Record<string, string>>,
  precision: Precision = 'float32',
): StepProgram => ({
  command: process.execPath,
  args: ['--import', 'tsx', join(here, 'step-process.ts'), ...[alpha, size, batch].map(String), precision],
  environment,
});

/** Of ours, beside the native engine in float32, with which alone peers are compared. */
const variants = ['WebAssembly', 'bfloat16'] as const;

export const contestantNames: readonly string[] = ['runner', ...variants, ...peers.map(({ name }) => name)];

/** The contestants of these names whose programs can be had here; of the others, a line says why not. */
export async function prepareContestants(names: readonly string[]): Promise<Contestant[]> {
  const engine = await prepareEngine();
  const workArgs = ({ alpha, size }: Size) => [alpha, size, batch].map(String);
  const ours = (name: string, provided: ProvisionedEngine, precision: Precision): Contestant => ({
    name,
    family: 'runner',
    program: (size, threads) =>
      stepProgram(size, batch, trialEnvironment(provided, { gpuIndex: null, threads }), precision),
  });
  const runners: Contestant[] = [];
  if (names.includes('runner')) runners.push(ours('runner', engine, 'float32'));
  if (names.includes('WebAssembly')) runners.push(ours('runner, WebAssembly', wasmEngine(''), 'float32'));
  if (names.includes('bfloat16')) {
    const why = whyNoBfloat16(engine, await readFile('/proc/cpuinfo', 'utf8').catch(() => ''));
    if (why === null) runners.push(ours('runner, bfloat16', engine, 'bfloat16'));
    else console.error(`bfloat16 is left out: ${why}`);
  }
  const wanted = peers.filter(({ name }) => names.includes(name));
  const pythons = new Map<Peer, string | null>();
  for (const { family } of wanted) if (!pythons.has(family)) pythons.set(family, await preparePeer(family));
  const others = wanted.flatMap(({ name, family, script, variant }): Contestant[] => {
    const command = pythons.get(family);
    if (!command) return [];
    return [
      {
        name,
        family,
        program: (size, threads) => ({
          command,
          args: [join(here, 'peers', script), ...workArgs(size), ...variant],
          environment: peerEnvironment(threads),
        }),
      },
    ];
  });
  return [...runners, ...others];
}

export function peerEnvironment(threads: number): Record<string, string> {
  return { THREADS: String(threads), OMP_NUM_THREADS: String(threads), CUDA_VISIBLE_DEVICES: '-1' };
}
