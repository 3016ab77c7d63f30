/** What is compared: this program and its peers, each in the configurations that its users have. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../src/system/cache-directory.js';
import { provisionEngine, type ProvisionedEngine } from '../src/provision/provision-engine.js';
import { trialEnvironment } from '../src/provision/trial-environment.js';
import type { StepProgram } from './measure-steps.js';

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

export interface Contestant {
  readonly name: string;
  /** Peers that are variants of one another share it: the best of them counts. */
  readonly family: 'runner' | 'keras' | 'pytorch';
  program(size: Size, threads: number): StepProgram;
}

const requirements = {
  keras: ['tensorflow-cpu==2.21.0', 'keras==3.15.1'],
  torch: ['torch==2.13.0', 'numpy'],
};

/** A Python environment of its own for a peer, made once in the user's cache. Returns its interpreter. */
export function preparePeer(name: keyof typeof requirements): string {
  const directory = join(cacheDirectory(), 'bench', requirements[name].join('-').replaceAll('=', ''));
  const python = join(directory, 'bin', 'python');
  const ready = join(directory, 'bin', `bench-${name}`);
  if (existsSync(ready)) return python;
  console.error(`Installing ${requirements[name].join(', ')}`);
  call('python3', ['-m', 'venv', '--clear', directory]);
  call(python, ['-m', 'pip', 'install', '--quiet', ...requirements[name]]);
  call('touch', [ready]);
  return python;
}

function call(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

export function prepareEngine(): Promise<ProvisionedEngine> {
  return provisionEngine({ engine: 'cpu', onProgress: console.error });
}

export async function prepareContestants(): Promise<Contestant[]> {
  const engine = await prepareEngine();
  const keras = preparePeer('keras');
  const torch = preparePeer('torch');
  const workArgs = ({ alpha, size }: Size) => [alpha, size, batch].map(String);
  const peer = (python: string, script: string, variant: string[]) => (size: Size, threads: number) => ({
    command: python,
    args: [join(here, 'peers', script), ...workArgs(size), ...variant],
    environment: { THREADS: String(threads), OMP_NUM_THREADS: String(threads), CUDA_VISIBLE_DEVICES: '-1' },
  });
  return [
    {
      name: 'runner',
      family: 'runner',
      program: (size, threads) => ({
        command: process.execPath,
        args: ['--import', 'tsx', join(here, 'step-process.ts'), ...workArgs(size)],
        environment: trialEnvironment(engine, { gpuIndex: null, threads }),
      }),
    },
    { name: 'Keras', family: 'keras', program: peer(keras, 'keras_step.py', []) },
    { name: 'PyTorch', family: 'pytorch', program: peer(torch, 'torch_step.py', []) },
    { name: 'PyTorch, torch.compile', family: 'pytorch', program: peer(torch, 'torch_step.py', ['compile']) },
  ];
}
