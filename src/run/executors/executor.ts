import type { EpochRecord, TrialOutcome } from '../../trial/outcome.js';
import type { TrialProgress, TrialRequest } from '../../trial/trial-protocol.js';

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
