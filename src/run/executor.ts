import type { Budget, Trial } from '../plan/plan.js';
import type { EngineRequest } from '../provision/choose-engine.js';
import type { ProvisionedEngine } from '../provision/provision-engine.js';
import type { MachineProfile } from '../spec/machine-profile.js';
import type { EpochRecord, TrialOutcome } from '../trial/outcome.js';
import type { TrialProgress, TrialRequest } from '../trial/trial-protocol.js';

/** One start of a trial. */
export interface Attempt {
  /** 0 … slots − 1: no other trial of the run has it meanwhile. */
  readonly slot: number;
  /** Aborted where the trial is to be ended. */
  readonly signal: AbortSignal;
  /** Whether its result has been recorded meanwhile, by whoever trains it for the executor. */
  readonly isRecorded: () => Promise<boolean>;
  readonly onProgress: (progress: TrialProgress) => void;
  readonly onEpoch: (record: EpochRecord) => void;
  /** It waits, or runs, in the hands of a scheduler. @param job its name there */
  readonly onQueued: (job: string) => void;
}

/** Where a run's trials are trained: on this machine, or wherever else processes can be started. */
export interface Executor {
  /** Trials at once at most. */
  readonly slots: number;
  /** Its trials go on without this process where they are left running. */
  readonly outlivesProcess: boolean;
  /** Ends what only waits for its turn in a scheduler: no more trials are begun. Absent where nothing waits there. */
  readonly withdraw?: () => void;
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
  /** Name of the experiment. */
  readonly experiment: string;
  /** The experiment's results. */
  readonly directory: string;
  /** Those of all experiments. */
  readonly resultsDirectory: string;
  /** The engine that other machines are to take. */
  readonly engineRequest: EngineRequest;
  /** How a cluster is to be used. */
  readonly machine: MachineProfile;
  /** What a trial takes, by those that were trained; null where that is not known. */
  readonly secondsOf: (trial: Trial) => number | null;
  /** Takes a line for people. */
  readonly say: (line: string) => void;
}

/** One kind of executor: a file in executors/, chosen by `--executor NAME`. */
export interface ExecutorDefinition {
  readonly name: string;
  readonly open: (options: ExecutorOptions) => Executor;
}
