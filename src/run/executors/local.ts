import { trialEnvironment } from '../../provision/trial-environment.js';
import type { ExecutorDefinition } from '../executor.js';
import { runTrial } from '../processes/run-trial.js';

/** Each trial in a process of its own on this machine. The slots take the GPUs in turn. */
export default {
  name: 'local',
  open({ engine, slots, trials, budget, logFile }) {
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
  },
} satisfies ExecutorDefinition;
