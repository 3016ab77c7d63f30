import { titleOf } from '../diagnostics/problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import type { TrialMessage } from '../trial/trial-protocol.js';

export type TrialFailure = Pick<Extract<TrialMessage, { type: 'failure' }>, 'failure' | 'message'>;

/** How the native binding begins an error of TensorFlow: its status code, then its message. */
const engineError = /^Invalid TF_Status: \d+\s+Message: /;

/** What is said when memory is out. */
const outOfMemory = [
  /^Invalid TF_Status: 8\b|\bOOM\b|Resource.?Exhausted/i, // TensorFlow; 8 is a resource that is exhausted
  /out.of.memory|ALLOC_FAILED/i, // CUDA and its libraries
  /bad_alloc|\bENOMEM\b|Array buffer allocation failed/, // C++, the system, V8
  /WebAssembly\.Memory\S*: (?:could not allocate|Maximum memory size|Unable to grow)/, // V8, of a module's memory
];

/**
 * What ended a trial, for the parent; `message` is one line. Null for anything that neither the engine, the
 * memory nor the files account for: an error of this program, which the parent calls a crash.
 */
export function classifyError(error: unknown): TrialFailure | null {
  if (error instanceof RunnerError) {
    const titles = error.problems.map(titleOf);
    return { failure: 'configuration', message: titles.join('; ') };
  }
  if (!(error instanceof Error)) return null;
  const message = error.message.replace(engineError, '').replace(/\s+/g, ' ').trim();
  if (outOfMemory.some((words) => words.test(error.message)))
    return { failure: 'outOfMemory', message: `memory ran out: ${message}` };
  if (engineError.test(error.message))
    return { failure: 'engine', message: `the engine refused: ${message}` };
  return null;
}
