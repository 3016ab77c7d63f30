/** What is compared: this program and its peers, each in the configurations that its users have. */
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

export const contestantNames: readonly string[] = ['runner', ...peers.map(({ name }) => name)];

/** The contestants of these names whose programs can be had here; of the others, a line says why not. */
export async function prepareContestants(names: readonly string[]): Promise<Contestant[]> {
  const engine = await prepareEngine();
  const workArgs = ({ alpha, size }: Size) => [alpha, size, batch].map(String);
  const runner: Contestant = {
    name: 'runner',
    family: 'runner',
    program: (size, threads) => ({
      command: process.execPath,
      args: ['--import', 'tsx', join(here, 'step-process.ts'), ...workArgs(size)],
      environment: trialEnvironment(engine, { gpuIndex: null, threads }),
    }),
  };
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
  return names.includes('runner') ? [runner, ...others] : others;
}

export function peerEnvironment(threads: number): Record<string, string> {
  return { THREADS: String(threads), OMP_NUM_THREADS: String(threads), CUDA_VISIBLE_DEVICES: '-1' };
}
