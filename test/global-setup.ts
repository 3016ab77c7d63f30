import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds dist/ where it is older than its sources, and puts engine and data into the user's cache, once. */
export default function setUp(): void {
  const runner = fileURLToPath(new URL('../bin/runner.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [runner, 'setup', '--engine', 'cpu'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`\`runner setup\` ended with ${status}`);
}
