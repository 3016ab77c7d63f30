import { readFileSync } from 'node:fs';
import type { Failure } from '../../trial/outcome.js';

/** How a trial's process ended without saying how. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The system has ended a process for want of memory since this one started; null where systems do not count that. */
  readonly systemKilled: boolean | null;
  /** The end of what the process printed. */
  readonly log: string;
}

/** What V8, the C++ library, TensorFlow, CUDA, a WebAssembly memory and macOS' allocator print when memory is out. */
const outOfMemory =
  /heap out of memory|allocation failed.*out of memory|bad_alloc|cannot allocate memory|OOM when allocating|CUDA_ERROR_OUT_OF_MEMORY|WebAssembly\.Memory\S*: (?:could not allocate|Maximum memory size|Unable to grow)|can't allocate region/i;

/** Windows has no signals: a process that crashed has one of these as its code (ntstatus.h). */
const windowsCodes: Readonly<Record<number, string>> = {
  0xc0000005: 'an access violation',
  0xc000001d: 'an illegal instruction',
  0xc00000fd: 'a stack overflow',
  0xc0000135: 'a library was not found',
  0xc000013a: 'Ctrl-C',
  0xc0000374: 'a damaged heap',
  0xc0000409: 'it aborted itself',
  0x80000003: 'it aborted itself',
};
const windowsOutOfMemory = [0xc0000017, 0xc000009a, 0xc000012d]; // no memory, no resources, no room to commit

export function classifyExit({ code, signal, systemKilled, log }: ProcessExit): {
  failure: Failure;
  cause: string;
} {
  if (signal === 'SIGKILL' && systemKilled)
    return { failure: 'outOfMemory', cause: 'the system ended its process: it was out of memory' };
  if (outOfMemory.test(log) || (code !== null && windowsOutOfMemory.includes(code)))
    return { failure: 'outOfMemory', cause: 'its process ran out of memory' };
  return { failure: 'crash', cause: describeEnd(code, signal, systemKilled) };
}

function describeEnd(
  code: number | null,
  signal: NodeJS.Signals | null,
  systemKilled: boolean | null,
): string {
  if (signal === 'SIGKILL' && systemKilled === null)
    return 'its process was ended by SIGKILL, as systems do that are out of memory';
  if (signal) return `its process was ended by ${signal}`;
  const meaning = windowsCodes[code ?? 0];
  return `its process ended with code ${code}${meaning === undefined ? '' : ` (${meaning})`}`;
}

/**
 * Processes that Linux has ended for want of memory: of this process' control group, where it says (of either version), else
 * of the machine, where those of others count too; null on other systems.
 */
export function countSystemKills(): number | null {
  const groups = read('/proc/self/cgroup');
  const [first] = /(?<=^\d+:memory:).+/m.exec(groups) ?? [];
  const [second] = /(?<=^0::).+/m.exec(groups) ?? [];
  const counters = [
    ...(first === undefined ? [] : [`/sys/fs/cgroup/memory${first}/memory.oom_control`]),
    ...(second === undefined ? [] : [`/sys/fs/cgroup${second}/memory.events`]),
    '/proc/vmstat',
  ];
  for (const counter of counters) {
    const [, kills] = /^oom_kill (\d+)$/m.exec(read(counter)) ?? [];
    if (kills !== undefined) return Number(kills);
  }
  return null;
}

/** Empty where it cannot be read. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
