/** What the benchmarks need before they measure: the engine, the data, and Python environments of the peers. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { provisionEngine, type ProvisionedEngine } from '../src/provision/provision-engine.js';
import { pythonEnvironment } from './python-environment.js';

/**
 * The engine, on a CPU by default. `runner setup` builds dist/ where the checkout lacks it, and puts engine and data into the user's
 * cache; where the machine lacks something it says so, and this process ends with its exit code.
 */
export function prepareEngine(engine: 'cpu' | 'gpu' = 'cpu'): Promise<ProvisionedEngine> {
  const runner = fileURLToPath(new URL('../bin/runner.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [runner, 'setup', '--engine', engine], {
    stdio: ['ignore', 2, 2], // standard output is for the tables
  });
  if (status !== 0) process.exit(status ?? 1);
  return provisionEngine({ engine, onProgress: console.error });
}

const requirements = {
  keras: ['tensorflow-cpu==2.21.0', 'keras==3.15.1'],
  torch: ['torch==2.13.0', 'numpy'],
};
export type Peer = keyof typeof requirements;

/** The Python interpreter of a peer, as `pythonEnvironment` makes it; null where that fails. */
export function preparePeer(peer: Peer): Promise<string | null> {
  return pythonEnvironment(`${peer} is`, requirements[peer]);
}
