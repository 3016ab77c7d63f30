import { readFileSync } from 'node:fs';
import type { Failure } from '../../trial/outcome.js';

/** How a trial's process ended without saying how. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The system has ended a process for want of memory since this one started. */
  readonly systemKilled: boolean;
  /** The end of what the process printed. */
  readonly log: string;
}

/** What V8, the C++ library, TensorFlow and CUDA print when memory is out. */
const outOfMemory =
  /heap out of memory|allocation failed.*out of memory|bad_alloc|cannot allocate memory|OOM when allocating|CUDA_ERROR_OUT_OF_MEMORY/i;

export function classifyExit({ code, signal, systemKilled, log }: ProcessExit): {
  failure: Failure;
  cause: string;
} {
  if (signal === 'SIGKILL' && systemKilled)
    return { failure: 'outOfMemory', cause: 'the system ended its process: it was out of memory' };
  if (outOfMemory.test(log)) return { failure: 'outOfMemory', cause: 'its process ran out of memory' };
  const cause = signal ? `its process was ended by ${signal}` : `its process ended with code ${code}`;
  return { failure: 'crash', cause };
}

/** Processes that Linux has ended for want of memory since it started, those of control groups included. */
export function countSystemKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
