import type { EnvironmentProblem } from '../diagnostics/environment-problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { countActivations } from '../model/mobilenet-v1/count-activations.js';
import type { Plan } from '../plan/plan.js';

/** What a WebAssembly module of 32-bit addresses can have. */
const limit = 2 ** 32;

/**
 * Refuses a plan with a trial that cannot have the memory for a step on the WebAssembly engine; the largest is told. It
 * counts what a step keeps at least: a trial that needs more than it can get besides ends as out of memory.
 * @throws RunnerError `engine-memory`
 */
export function requireMemory({ trials }: Pick<Plan, 'trials'>): void {
  let largest: Extract<EnvironmentProblem, { reason: 'engine-memory' }> | null = null;
  const labels = new Map(trials.map(({ label, params }) => [params, label])); // one of each cell, whatever its seeds
  for (const [params, label] of labels) {
    const images = Math.min(params.batchSize, params.trainSubset);
    const activations = countActivations(params.alpha, params.resolution, params.frozenBlocks);
    const bytes = 4 * images * activations;
    if (bytes > (largest?.bytes ?? limit))
      largest = { kind: 'environment', reason: 'engine-memory', label, images, activations, bytes, limit };
  }
  if (largest) throw new RunnerError([largest]);
}
