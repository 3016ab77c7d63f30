/** What nvidia-smi says of a card. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { runCommand } from '../../src/system/run-command.js';

const fields = 'name,driver_version,memory.total,compute_cap,power.limit,clocks.max.sm';

/** A card in one line; null where nvidia-smi does not know it. */
export async function describeCard(index: number): Promise<string | null> {
  const args = [`--query-gpu=${fields}`, '--format=csv,noheader', '-i', String(index)];
  const { code, stdout } = await runCommand('nvidia-smi', args, { timeoutMs: 30_000 });
  if (code !== 0) return null;
  const [name, driver, memory, capability, power, clock] = stdout.trim().split(', ');
  return `${name}, ${memory}, compute capability ${capability}, ${power}, ${clock}; driver ${driver}`;
}

/**
 * Runs a task and looks at the card's memory meanwhile, five times a second.
 * @param index of the card; null: none
 * @returns by how many bytes the memory in use was at most more than before; null without a card
 */
export async function withCardMemory<T>(
  index: number | null,
  task: () => Promise<T>,
): Promise<{ readonly result: T; readonly cardBytes: number | null }> {
  if (index === null) return { result: await task(), cardBytes: null };
  const query = ['--query-gpu=memory.used', '--format=csv,noheader,nounits', '-i', String(index)];
  const before = Number((await runCommand('nvidia-smi', query, { timeoutMs: 30_000 })).stdout);
  let most = before;
  const child = spawn('nvidia-smi', [...query, '-lms', '200'], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.on('error', () => {}); // then nothing was more than before
  createInterface({ input: child.stdout }).on('line', (line) => (most = Math.max(most, Number(line))));
  try {
    const result = await task();
    return { result, cardBytes: Number.isFinite(most) ? (most - before) * 2 ** 20 : null };
  } finally {
    child.kill();
  }
}
