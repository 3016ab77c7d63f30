import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pageName } from '../report/write-page.js';
import type { Arguments } from './arguments.js';
import { say } from './say.js';

/** The command that opens a file as a double click does. */
export function openerOf(
  path: string,
  platform = process.platform,
): readonly [command: string, ...args: string[]] {
  switch (platform) {
    case 'darwin':
      return ['open', path];
    case 'win32': // not `start`, a word of the shell, which reads & and % in paths
      return ['rundll32.exe', 'url.dll,FileProtocolHandler', path];
    default:
      return ['xdg-open', path];
  }
}

/** Opens report.html in the browser that the system has chosen for such files. */
export async function openPage(directory: string, args: Arguments): Promise<void> {
  const path = join(directory, pageName);
  const [command, ...words] = openerOf(path);
  const child = spawn(command, words, { stdio: 'ignore', detached: true });
  child.unref();
  const failure = await Promise.race([
    once(child, 'spawn').then(() => null),
    once(child, 'error').then(([error]) => error as Error),
  ]).catch((error: Error) => error); // `once` throws what the event `error` says
  if (failure) say(args, `--open: no browser could be started (${failure.message}). Open ${path} yourself.`);
}
