import type { EarlyStopping } from '../plan/plan.js';

/** Whether training ends: the last `patience` epochs brought no validation loss lower by more than `minDelta`. */
export function isPlateau(valLosses: readonly number[], { patience, minDelta }: EarlyStopping): boolean {
  if (patience === 0) return false;
  let best = Infinity;
  let waited = 0;
  for (const loss of valLosses) {
    const improved = loss < best - minDelta;
    if (improved) best = loss;
    waited = improved ? 0 : waited + 1;
  }
  return waited >= patience;
}
