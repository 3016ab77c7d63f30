/** The candidate that was surely meant, or null: one clear nearest word, at most a third of it mistyped, or cut short. */
export function suggest(word: string, candidates: readonly string[]): string | null {
  if (word.length > 100) return null; // never a typing error, and the distance is quadratic
  const typed = normalize(word);
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(typed, normalize(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const longer = candidates.filter((candidate) => normalize(candidate).startsWith(typed));
  if (typed.length >= 3 && longer.length === 1) return longer[0]!; // `max` for `maximize`
  const [best, second] = ranked;
  if (!best || best.distance > Math.floor(Math.max(typed.length, best.candidate.length) / 3)) return null;
  return second?.distance === best.distance ? null : best.candidate;
}

/** `batch_size`, `batch-size` and `BatchSize` are one word. */
const normalize = (word: string): string => word.toLowerCase().replace(/[-_ ]/g, '');

/** Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, changes, swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, change, swap ? beforeLast[j - 2]! + 1 : Infinity));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
