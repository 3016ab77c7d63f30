import type { Budget } from '../../plan/plan.js';
import type { ProvisionedEngine } from '../../provision/provision-engine.js';
import { trialEnvironment } from '../../provision/trial-environment.js';
import type { Executor } from './executor.js';
import { runTrial } from './run-trial.js';

export interface LocalOptions {
  readonly engine: ProvisionedEngine;
  /** Trials at once; `auto`: one per core with one thread each, or one per GPU. */
  readonly slots: number | 'auto';
  /** Trials in all: more slots than these are of no use. */
  readonly trials: number;
  readonly budget: Budget;
  /** Takes what a trial's process prints. */
  readonly logFile: (trialId: string) => string;
}

/** Each trial in a process of its own on this machine. The slots take the GPUs in turn. */
export function openLocalExecutor({ engine, slots, trials, budget, logFile }: LocalOptions): Executor {
  const { devices } = engine;
  const places = devices.kind === 'cpu' ? devices.cores : devices.gpus.length;
  return {
    slots: Math.min(slots === 'auto' ? places : slots, trials),
    run(request, { slot, ...callbacks }) {
      const gpuIndex = devices.kind === 'cpu' ? null : devices.gpus[slot % places]!.index;
      return runTrial({
        request,
        environment: trialEnvironment(engine, { gpuIndex, threads: 1 }),
        timeoutSeconds: budget.trialTimeoutSeconds,
        stallSeconds: budget.stallTimeoutSeconds,
        logFile: logFile(request.trial.id),
        ...callbacks,
      });
    },
  };
}
