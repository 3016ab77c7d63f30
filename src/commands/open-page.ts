import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pageName } from '../report/write-page.js';
import type { Arguments } from './arguments.js';
import { say } from './say.js';

/** Opens report.html in the browser that the system has chosen for such files (`xdg-open`). */
export async function openPage(directory: string, args: Arguments): Promise<void> {
  const path = join(directory, pageName);
  const child = spawn('xdg-open', [path], { stdio: 'ignore', detached: true });
  child.unref();
  const failure = await Promise.race([
    once(child, 'spawn').then(() => null),
    once(child, 'error').then(([error]) => error as Error),
  ]).catch((error: Error) => error); // `once` throws what the event `error` says
  if (failure) say(args, `--open: no browser could be started (${failure.message}). Open ${path} yourself.`);
}
