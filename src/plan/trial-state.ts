/**
 * `retryable`: it failed and the next run trains it again. `failed`: it failed, and only `--retry-failed` does.
 * Of a running design: `if-undecided`: it is trained if no verdict comes before; `not-needed`: the verdicts came without
 * it, whether it was trained or not.
 */
export type TrialState = 'done' | 'new' | 'retryable' | 'failed' | 'if-undecided' | 'not-needed';

/** States by trial id; a trial that is not in it is new. */
export type TrialStates = ReadonlyMap<string, TrialState>;
