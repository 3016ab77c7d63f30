import { placeKey, type Place } from '../diagnostics/code-frame.js';
import type { FileProblem } from '../diagnostics/file-problem.js';

/** Names the text that a place is in: a file's path, or one `--set`. */
export function sourceOf({ path, text }: Pick<Place, 'path' | 'text'>): string {
  return path === '--set' ? `--set ${text}` : path;
}

/** Nobody reads more at once, and each takes a walk through its text: of 500,000 the telling would not end. */
const problemLimit = 100;

/**
 * Source by source, in their order, and by place in each. Problems without a place come first, the number of those
 * beyond the first hundred last.
 */
export function sortProblems(problems: readonly FileProblem[], sources: readonly string[]): FileProblem[] {
  const ranked = problems.map((problem) => {
    const place = placeIn(problem);
    return { problem, source: place ? sources.indexOf(sourceOf(place)) : -1, start: place?.start ?? 0 };
  });
  const sorted = ranked
    .sort((a, b) => a.source - b.source || a.start - b.start)
    .map(({ problem }) => problem);
  const count = sorted.length - problemLimit;
  return count <= 0
    ? sorted
    : [...sorted.slice(0, problemLimit), { kind: 'file', reason: 'more-problems', count }];
}

/** The first problem at a place; the others follow from it. Fields that are missing share one place. */
export function onePerCause<Problem extends FileProblem>(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const place = placeIn(problem);
    if (!place) return true;
    const key = `${placeKey(place)} ${problem.reason === 'missing-field' ? problem.field : ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Whether a problem lies in a value that as a whole is one: it follows from it. */
export function isInside(problem: FileProblem, wholes: readonly FileProblem[]): boolean {
  const inner = placeIn(problem);
  return wholes.some((whole) => {
    const outer = placeIn(whole);
    if (!inner || !outer || sourceOf(inner) !== sourceOf(outer)) return false;
    return outer.start <= inner.start && inner.end <= outer.end;
  });
}

const placeIn = (problem: FileProblem): Place | null => ('place' in problem ? problem.place : null);
