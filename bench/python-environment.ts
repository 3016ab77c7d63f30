import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../src/system/cache-directory.js';
import { withCacheLock } from '../src/system/cache-lock.js';
import { runCommand } from '../src/system/run-command.js';

/**
 * The Python interpreter of an environment of its own in the user's cache, which holds these packages: made once, by venv
 * and pip. Null where that fails: then a line on standard error says what is left out, and what to install.
 * @param leftOut such as `keras is`
 * @param packages as pip takes them, with versions: another list is another environment
 */
export async function pythonEnvironment(
  leftOut: string,
  packages: readonly string[],
): Promise<string | null> {
  const directory = join(cacheDirectory(), 'bench', packages.join('-').replaceAll('=', ''));
  const python = join(directory, 'bin', 'python');
  const ready = join(directory, 'bin', 'packages-are-installed');
  if (existsSync(ready)) return python;
  const onWait = (pid: number) => console.error(`Another process (${pid}) installs Python packages`);
  return withCacheLock('python', onWait, async () => {
    if (existsSync(ready)) return python; // the other one has made it
    console.error(`Installing ${packages.join(', ')} into ${directory}`);
    const commands = [
      ['python3', '-m', 'venv', '--clear', directory],
      [python, '-m', 'pip', 'install', '--quiet', '--retries', '1', ...packages],
    ] as const;
    for (const [command, ...args] of commands) {
      const { code, output } = await runCommand(command, args);
      if (code === 0) continue;
      const end = output.trim().split('\n').slice(-2).join('\n');
      console.error(
        `${leftOut} left out: \`${[command, ...args].join(' ')}\` ended with ${code}: ${end}\n` +
          `It needs Python 3 with venv and pip, and what \`pip install ${packages.join(' ')}\` downloads.`,
      );
      return null;
    }
    writeFileSync(ready, '');
    return python;
  });
}
