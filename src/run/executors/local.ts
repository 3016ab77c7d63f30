import { trialEnvironment } from '../../provision/trial-environment.js';
import type { TrialRequest } from '../../trial/trial-protocol.js';
import type { Attempt, ExecutorDefinition, ExecutorOptions } from '../executor.js';
import { runTrial } from '../processes/run-trial.js';

type LocalOptions = Pick<ExecutorOptions, 'engine' | 'slots' | 'trials' | 'budget' | 'logFile'>;

/** Each trial in a process of its own on this machine. The slots take the GPUs in turn. */
export default {
  name: 'local',
  open({ engine, slots, trials, budget, logFile }: LocalOptions) {
    const { devices } = engine;
    const places = devices.kind === 'cpu' ? devices.cores : devices.gpus.length;
    return {
      outlivesProcess: false,
      slots: Math.min(slots === 'auto' ? places : slots, trials),
      run(
        request: TrialRequest,
        { slot, signal, onProgress, onEpoch }: Pick<Attempt, 'slot' | 'signal' | 'onProgress' | 'onEpoch'>,
      ) {
        const gpuIndex = devices.kind === 'cpu' ? null : devices.gpus[slot % places]!.index;
        return runTrial({
          request,
          environment: trialEnvironment(engine, { gpuIndex, threads: 1 }),
          timeoutSeconds: budget.trialTimeoutSeconds,
          stallSeconds: budget.stallTimeoutSeconds,
          logFile: logFile(request.trial.id),
          signal,
          onProgress,
          onEpoch,
        });
      },
    };
  },
} satisfies ExecutorDefinition;
