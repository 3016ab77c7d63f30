import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { provisionEngine } from '../src/provision/provision-engine.js';
import { trialEnvironment } from '../src/provision/trial-environment.js';

/** RUNNER_TEST_ENGINE=gpu runs the tests of the engine on a GPU (bench/gpu.sh). */
const request = process.env['RUNNER_TEST_ENGINE'] === 'gpu' ? 'gpu' : 'cpu';

/** Builds dist/ where it is older than its sources, and puts engine and data into the user's cache, once. */
export default async function setUp(): Promise<void> {
  const runner = fileURLToPath(new URL('../bin/runner.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [runner, 'setup', '--engine', request], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`\`runner setup\` ended with ${status}`);
  // The test processes, which inherit these, load the engine as a trial's process does.
  const engine = await provisionEngine({ engine: request, onProgress: () => {} });
  const gpuIndex = engine.devices.kind === 'gpu' ? engine.devices.gpus[0]!.index : null;
  Object.assign(process.env, trialEnvironment(engine, { gpuIndex, threads: 1 }));
}
