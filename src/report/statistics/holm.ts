/**
 * Holm's step-down adjustment (Holm 1979) of a family of p-values, in their order: rejecting what is at most 0.05
 * after it, the chance of a single false rejection in the whole family is at most 5 %, whatever their dependence.
 */
export function adjustByHolm(pValues: readonly number[]): number[] {
  const ascending = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = pValues.map(() => 1);
  let largest = 0;
  for (const [place, { p, index }] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - place) * p));
    adjusted[index] = largest;
  }
  return adjusted;
}
