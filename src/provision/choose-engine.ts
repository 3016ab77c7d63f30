import type { EnvironmentProblem } from '../diagnostics/environment-problem.js';
import type { Gpu, Machine } from './detect-machine.js';

/** `auto`: of TensorFlow's builds the one for what the machine has. */
export type EngineRequest = 'auto' | 'cpu' | 'gpu' | 'wasm';

/** Where the computations run. */
export type Devices =
  { readonly kind: 'cpu'; readonly cores: number } | { readonly kind: 'gpu'; readonly gpus: readonly Gpu[] };

export interface EngineChoice {
  readonly build: 'cpu' | 'gpu';
  readonly devices: Devices;
  /** Completes the sentence "the CPU build was taken because …". */
  readonly why: string;
}

export const supportedPlatforms = ['linux x64 (glibc)', 'linux arm64 (glibc)'];

/**
 * Decides what the engine runs on, from what was found alone. `auto` takes the GPU where there is one.
 * @param gpuFailure why the GPU build was given up on this machine before; null when it never was
 */
export function chooseEngine(
  machine: Machine,
  request: Exclude<EngineRequest, 'wasm'>,
  gpuFailure: string | null = null,
): EngineChoice | EnvironmentProblem {
  const { platform, arch, glibc, cores, nvidia } = machine;
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64') || glibc === null) {
    const name = `${platform} ${arch}${platform === 'linux' && glibc === null ? ' without glibc' : ''}`;
    return {
      kind: 'environment',
      reason: 'unsupported-platform',
      platform: name,
      supported: supportedPlatforms,
    };
  }
  const onCpu = (why: string): EngineChoice => ({ build: 'cpu', devices: { kind: 'cpu', cores }, why });
  if (request === 'cpu') return onCpu('--engine cpu');
  // TensorFlow publishes wheels with CUDA for x86-64 only.
  const obstacle = arch === 'x64' ? null : `TensorFlow's ${arch} wheel has no GPU support`;
  if (nvidia.gpus.length === 0 || obstacle !== null) {
    if (request === 'auto') return onCpu(obstacle ?? describeAbsence(machine));
    const tried = obstacle === null ? nvidia.tried : [...nvidia.tried, obstacle];
    return { kind: 'environment', reason: 'no-gpu', tried };
  }
  if (request === 'auto' && gpuFailure !== null) {
    return onCpu(`the GPU build did not work here: ${gpuFailure} (\`--engine gpu\` tries it again)`);
  }
  return {
    build: 'gpu',
    devices: { kind: 'gpu', gpus: nvidia.gpus },
    why: request === 'gpu' ? '--engine gpu' : `found ${describeGpus(nvidia.gpus)}`,
  };
}

function describeAbsence({ nvidia }: Machine): string {
  return nvidia.driver === null
    ? 'no NVIDIA GPU'
    : `NVIDIA driver ${nvidia.driver}, but no GPU that may be used`;
}

/** Such as `2 × NVIDIA H100 80GB HBM3`. */
export function describeGpus(gpus: readonly Gpu[]): string {
  const counts = new Map<string, number>();
  for (const { name } of gpus) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)).join(', ');
}
