import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const module = new URL('../../src/system/signals.ts', import.meta.url).href;

/** Starts a program with the module, and waits until it listens. */
async function start(program: string) {
  const script = `const { whenAskedToEnd, leaveTerminalToParent } = await import('${module}');\n${program}\nconsole.log('ready'); setTimeout(() => process.exit(7), 30_000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
  });
  const end = once(child, 'close');
  await once(child.stdout, 'data');
  return { child, end };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('%s asks to end, once', async (signal) => {
  const { child, end } = await start(
    `const stop = whenAskedToEnd(() => { stop(); setTimeout(() => process.kill(process.pid, '${signal}'), 50); });`,
  );
  child.kill(signal);
  expect(await end).toEqual([null, signal]); // nobody listens any more
});

test('a child ends by its parent’s SIGTERM, not by what the terminal sends to all', async () => {
  const { child, end } = await start(`leaveTerminalToParent();`);
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT'] as const) child.kill(signal);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  child.kill('SIGTERM');
  expect(await end).toEqual([null, 'SIGTERM']);
});
