import type { Budget } from '../plan/plan.js';
import type { ProvisionedEngine } from '../provision/provision-engine.js';
import type { EpochRecord, TrialOutcome } from '../trial/outcome.js';
import type { TrialProgress, TrialRequest } from '../trial/trial-protocol.js';

/** One start of a trial. */
export interface Attempt {
  /** 0 … slots − 1: no other trial of the run has it meanwhile. */
  readonly slot: number;
  /** Aborted where the trial is to be ended. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrialProgress) => void;
  readonly onEpoch: (record: EpochRecord) => void;
}

/** Where a run's trials are trained: on this machine, or wherever else processes can be started. */
export interface Executor {
  /** Trials at once at most. */
  readonly slots: number;
  /** Trains one trial to its end. Null where the signal ended it; rejects only for an error of this program. */
  run(request: TrialRequest, attempt: Attempt): Promise<TrialOutcome | null>;
}

/** What an executor is opened with. */
export interface ExecutorOptions {
  readonly engine: ProvisionedEngine;
  /** Trials at once; `auto`: one per core with one thread each, or one per GPU. */
  readonly slots: number | 'auto';
  /** Trials in all: more slots than these are of no use. */
  readonly trials: number;
  readonly budget: Budget;
  /** Takes what a trial's process prints. */
  readonly logFile: (trialId: string) => string;
}

/** One kind of executor: a file in executors/, chosen by `--executor NAME`. */
export interface ExecutorDefinition {
  readonly name: string;
  readonly open: (options: ExecutorOptions) => Executor;
}
