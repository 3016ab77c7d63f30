import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { provisionEngine } from '../src/provision/provision-engine.js';
import { trialEnvironment } from '../src/provision/trial-environment.js';

/** Builds dist/ where it is older than its sources, and puts engine and data into the user's cache, once. */
export default async function setUp(): Promise<void> {
  const runner = fileURLToPath(new URL('../bin/runner.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [runner, 'setup', '--engine', 'cpu'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`\`runner setup\` ended with ${status}`);
  // The test processes, which inherit these, load the engine as a trial's process does.
  const engine = await provisionEngine({ engine: 'cpu', onProgress: () => {} });
  Object.assign(process.env, trialEnvironment(engine, { gpuIndex: null, threads: 1 }));
}
