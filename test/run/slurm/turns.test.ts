import { expect, test } from 'vitest';
import { Turns } from '../../../src/run/slurm/turns.js';

test('a few at a time, each as often as every other one', () => {
  const turns = new Turns<number>(3);
  const list = Array.from({ length: 11 }, (_, index) => index);
  const times = new Map<number, number>();
  for (let look = 0; look < 110; look++) {
    const taken = turns.next(list);
    expect(taken.length).toBeLessThanOrEqual(3);
    for (const item of taken) times.set(item, (times.get(item) ?? 0) + 1);
  }
  expect(
    Math.max(...times.values()) - Math.min(...list.map((item) => times.get(item) ?? 0)),
  ).toBeLessThanOrEqual(1);
});

test('a short list is taken as a whole, each time', () => {
  const turns = new Turns<string>(3);
  for (let look = 0; look < 4; look++) expect([...turns.next(['a', 'b'])].sort()).toEqual(['a', 'b']);
  expect(turns.next([])).toEqual([]);
});

test('what is new has its turn first', () => {
  const turns = new Turns<number>(1);
  expect([turns.next([1, 2]), turns.next([1, 2, 3]), turns.next([1, 2, 3])]).toEqual([[1], [3], [2]]);
});
