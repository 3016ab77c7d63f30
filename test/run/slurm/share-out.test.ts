import { expect, test } from 'vitest';
import { shareOut, type OpenArray } from '../../../src/run/slurm/share-out.js';

test('without a limit arrays have none', () => {
  expect(shareOut(undefined, [], 3)).toEqual({ parallel: null, after: null });
});

test('what is free is shared among the arrays that are to come', () => {
  expect(shareOut(10, [], 3)).toEqual({ parallel: 4, after: null });
  const first = { job: '1', parallel: 4, after: null, unfinished: 20 };
  expect(shareOut(10, [first], 2)).toEqual({ parallel: 3, after: null });
});

test('an array that has fewer tasks left than its share leaves the rest to others', () => {
  const last = { job: '1', parallel: 8, after: null, unfinished: 3 };
  expect(shareOut(8, [last], 1)).toEqual({ parallel: 5, after: null });
});

test('where nothing is free, an array waits for the shortest lane, with its width', () => {
  const lanes = [
    { job: '1', parallel: 2, after: null, unfinished: 20 },
    { job: '2', parallel: 1, after: null, unfinished: 4 },
    { job: '3', parallel: 1, after: '2', unfinished: 2 },
  ];
  expect(shareOut(3, lanes, 1)).toEqual({ parallel: 1, after: '3' });
});

test('an array of an earlier version has no known share, so it may take all that it has', () => {
  const old = { job: '1', parallel: null, after: null, unfinished: 5 };
  expect(shareOut(5, [old], 1)).toEqual({ parallel: 5, after: '1' });
});

/** A scheduler that always runs as much as it may. */
class Simulation {
  readonly arrays: (OpenArray & { unfinished: number })[] = [];

  constructor(private readonly limit: number) {}

  submit(tasks: number, arrays: number): void {
    const open = this.arrays.filter(({ unfinished }) => unfinished > 0);
    const share = shareOut(this.limit, open, arrays);
    this.arrays.push({ job: String(this.arrays.length), ...share, unfinished: tasks });
  }

  running(): number[] {
    const isOver = (job: string | null) =>
      this.arrays.every((array) => array.job !== job || array.unfinished === 0);
    return this.arrays.map(({ parallel, after, unfinished }) =>
      isOver(after) ? Math.min(parallel ?? Infinity, unfinished) : 0,
    );
  }

  endOne(choose: number): void {
    const runs = this.running().flatMap((tasks, index) => (tasks > 0 ? [index] : []));
    this.arrays[runs[Math.floor(choose * runs.length)]!]!.unfinished--;
  }
}

test('whatever ends when, never more run than may, and all of them end', () => {
  let state = 7;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 300; round++) {
    const limit = 1 + Math.floor(random() * 6);
    const simulation = new Simulation(limit);
    for (let batch = 0; batch < 4; batch++) {
      const arrays = 1 + Math.floor(random() * 9);
      for (let left = arrays; left > 0; left--) simulation.submit(1 + Math.floor(random() * 7), left);
      for (let end = Math.floor(random() * 20); end > 0; end--) {
        const runs = simulation.running().reduce((sum, tasks) => sum + tasks, 0);
        expect(runs).toBeLessThanOrEqual(limit);
        if (runs > 0) simulation.endOne(random());
      }
    }
    while (simulation.arrays.some(({ unfinished }) => unfinished > 0)) {
      const runs = simulation.running().reduce((sum, tasks) => sum + tasks, 0);
      expect(runs).toBeLessThanOrEqual(limit);
      expect(runs).toBeGreaterThan(0);
      simulation.endOne(random());
    }
  }
});
