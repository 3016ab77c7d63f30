import { readFile } from 'node:fs/promises';
import { RunnerError } from '../diagnostics/runner-error.js';
import type { Trial } from '../plan/plan.js';
import type { ProvisionedEngine } from './provision-engine.js';

/**
 * Refuses what an engine cannot multiply, before anything is trained.
 * @param isHere whether trials run on this machine's processor
 * @throws RunnerError `no-bfloat16`
 */
export async function requirePrecision(
  trials: readonly Pick<Trial, 'params'>[],
  engine: ProvisionedEngine,
  isHere: boolean,
): Promise<void> {
  if (trials.every(({ params }) => params.precision === 'float32')) return;
  const cpuinfo = isHere ? await readFile('/proc/cpuinfo', 'utf8').catch(() => '') : null;
  const why = whyNoBfloat16(engine, cpuinfo);
  if (why !== null) throw new RunnerError([{ kind: 'environment', reason: 'no-bfloat16', why }]);
}

/** @param cpuinfo what /proc/cpuinfo says; null where another machine trains, which then says so itself */
export function whyNoBfloat16(
  { family, devices }: Pick<ProvisionedEngine, 'family' | 'devices'>,
  cpuinfo: string | null,
): string | null {
  if (family === 'wasm') return 'the WebAssembly engine has no such instructions';
  if (devices.kind === 'gpu') return 'on a GPU it is not built';
  if (cpuinfo === null || /^flags\s*:.*\bavx512_bf16\b/m.test(cpuinfo)) return null;
  return 'this processor has no AVX512_BF16';
}
