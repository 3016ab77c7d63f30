import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../../src/system/cache-directory.js';
import { withCacheLock } from '../../../src/system/cache-lock.js';
import { runCommand } from '../../../src/system/run-command.js';

/**
 * Node in another version, from npm's packages of it, kept in the user's cache. Null where they cannot be had, which
 * standard error says.
 */
export async function nodeOf(version: string): Promise<string | null> {
  const name = `node-${process.platform}-${process.arch}`;
  const directory = join(cacheDirectory(), 'bench', `${name}-${version}`);
  const node = join(directory, 'node_modules', name, 'bin', 'node');
  const isThere = async () => existsSync(node) && (await runCommand(node, ['--version'])).code === 0;
  if (await isThere()) return node;
  return withCacheLock(
    'node',
    () => {},
    async () => {
      if (await isThere()) return node;
      await mkdir(directory, { recursive: true });
      const install = [
        'install',
        '--prefix',
        directory,
        '--no-save',
        '--ignore-scripts',
        `${name}@${version}`,
      ];
      const { code, output } = await runCommand('npm', install, { timeoutMs: 300_000 });
      if (code === 0 && (await isThere())) return node;
      console.error(`Tests with Node ${version} are left out, it cannot be installed: ${output.trim()}`);
      return null;
    },
  );
}
