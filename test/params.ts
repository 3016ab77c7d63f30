import { resolveParams } from '../src/plan/resolve-params.js';
import type { TrialParams } from '../src/plan/trial.js';
import type { ParamsEntry } from '../src/spec/experiment-spec.js';

/** Parameters as a file with `params: entry` gives them, by default of a small network from random weights. */
export function paramsOf(entry: ParamsEntry = {}): TrialParams {
  const small = { alpha: 0.25, weights: 'none', resolution: 28, ...entry } as const;
  return resolveParams(small, new Map([['none', []]]), 60000);
}
