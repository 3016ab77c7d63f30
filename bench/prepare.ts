/** What the benchmarks need before they measure: the engine, the data, and Python environments of the peers. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provisionEngine, type ProvisionedEngine } from '../src/provision/provision-engine.js';
import { cacheDirectory } from '../src/system/cache-directory.js';

/**
 * The engine on a CPU. `runner setup` builds dist/ where the checkout lacks it, and puts engine and data into the user's
 * cache; where the machine lacks something it says so, and this process ends with its exit code.
 */
export function prepareEngine(): Promise<ProvisionedEngine> {
  const runner = fileURLToPath(new URL('../bin/runner.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [runner, 'setup', '--engine', 'cpu'], {
    stdio: ['ignore', 2, 2], // standard output is for the tables
  });
  if (status !== 0) process.exit(status ?? 1);
  return provisionEngine({ engine: 'cpu', onProgress: console.error });
}

const requirements = {
  keras: ['tensorflow-cpu==2.21.0', 'keras==3.15.1'],
  torch: ['torch==2.13.0', 'numpy'],
};
export type Peer = keyof typeof requirements;

/**
 * The Python interpreter of a peer, in an environment of its own in the user's cache, made once by venv and pip. Null
 * where that fails: then a line on standard error says what to install.
 */
export function preparePeer(peer: Peer, cache = cacheDirectory()): string | null {
  const packages = requirements[peer];
  const directory = join(cache, 'bench', packages.join('-').replaceAll('=', ''));
  const python = join(directory, 'bin', 'python');
  const ready = join(directory, 'bin', `bench-${peer}`);
  if (existsSync(ready)) return python;
  console.error(`Installing ${packages.join(', ')} into ${directory}`);
  const commands = [
    ['python3', '-m', 'venv', '--clear', directory],
    [python, '-m', 'pip', 'install', '--quiet', ...packages],
  ] as const;
  for (const [command, ...args] of commands) {
    const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
    if (status === 0) continue;
    const end = error ? error.message : `ended with ${status}`;
    console.error(
      `${peer} is left out: \`${[command, ...args].join(' ')}\` ${end}. ` +
        `It needs Python 3 with venv and pip, and what \`pip install ${packages.join(' ')}\` downloads.`,
    );
    return null;
  }
  writeFileSync(ready, '');
  return python;
}
