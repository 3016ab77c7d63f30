/** `retryable`: it failed and the next run trains it again. `failed`: it failed, and only `--retry-failed` does. */
export type TrialState = 'done' | 'new' | 'retryable' | 'failed';

/** States by trial id; a trial that is not in it is new. */
export type TrialStates = ReadonlyMap<string, TrialState>;
