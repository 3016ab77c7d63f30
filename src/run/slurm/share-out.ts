/** An array that has unfinished tasks. */
export interface OpenArray {
  readonly job: string;
  /** How many of its tasks may run at the same time; null: all. */
  readonly parallel: number | null;
  /** The array that it waits for, which may be over; null: none. */
  readonly after: string | null;
  /** Tasks that have not ended. */
  readonly unfinished: number;
}

/** How an array is to be submitted. */
export interface Share {
  readonly parallel: number | null;
  /** The array whose end it waits for; null: it may begin at once. */
  readonly after: string | null;
}

/**
 * The share of the next array in what may run at the same time, so that it is never exceeded: a part of what is free, or
 * where nothing is, the part of an array that is there, after its end. So arrays stand in lanes, one behind the other.
 * @param limit on tasks at the same time; undefined: none
 * @param arrays still to be submitted, this one among them
 */
export function shareOut(limit: number | undefined, open: readonly OpenArray[], arrays: number): Share {
  if (limit === undefined) return { parallel: null, after: null };
  const lanes = lanesOf(open);
  const free = limit - lanes.reduce((sum, { width }) => sum + width, 0);
  if (free > 0) return { parallel: Math.ceil(free / arrays), after: null };
  const shortest = lanes.reduce((best, lane) =>
    lane.tasks / lane.width < best.tasks / best.width ? lane : best,
  );
  return { parallel: shortest.width, after: shortest.last };
}

interface Lane {
  /** The array at its end. */
  readonly last: string;
  /** Tasks that run at the same time at most, from now on. */
  readonly width: number;
  readonly tasks: number;
}

function lanesOf(open: readonly OpenArray[]): Lane[] {
  const byJob = new Map(open.map((array) => [array.job, array]));
  const followed = new Set(open.map(({ after }) => after));
  return open
    .filter(({ job }) => !followed.has(job))
    .map(({ job }) => {
      let [width, tasks] = [0, 0];
      for (let at = byJob.get(job); at; at = byJob.get(at.after ?? '')) {
        width = Math.max(width, Math.min(at.parallel ?? Infinity, at.unfinished));
        tasks += at.unfinished;
      }
      return { last: job, width, tasks };
    });
}
