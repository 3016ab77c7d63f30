import { expect, test } from 'vitest';
import { packTrials } from '../../../src/run/slurm/pack-trials.js';

const trials = Array.from({ length: 20 }, (_, index) => index);
const sizes = (tasks: readonly (readonly number[])[]) => tasks.map(({ length }) => length);
const each = (seconds: number | null) => () => seconds;

test('a given number of trials goes into a task, in order', () => {
  expect(packTrials([1, 2, 3, 4, 5], each(null), { trialsPerTask: 2 }, null)).toEqual([[1, 2], [3, 4], [5]]);
});

test('by their time, short trials go together until a task has ten minutes of work', () => {
  expect(sizes(packTrials(trials, each(100), { maxParallel: 2 }, null))).toEqual([6, 6, 6, 2]);
  expect(sizes(packTrials(trials, each(700), { maxParallel: 2 }, null))).toEqual(trials.map(() => 1));
});

test('never so many that fewer tasks remain than may run at once, nor without a known width', () => {
  expect(sizes(packTrials(trials, each(1), { maxParallel: 5 }, null))).toEqual([4, 4, 4, 4, 4]);
  expect(sizes(packTrials(trials, each(1), { maxParallel: 50 }, null))).toEqual(trials.map(() => 1));
  expect(sizes(packTrials(trials, each(1), {}, null))).toEqual(trials.map(() => 1));
});

test('a task keeps to half of its limit of time, and trials of unknown time stay alone', () => {
  expect(sizes(packTrials(trials, each(100), { maxParallel: 2 }, 600))).toEqual([3, 3, 3, 3, 3, 3, 2]);
  expect(sizes(packTrials(trials, each(null), { maxParallel: 2 }, null))).toEqual(trials.map(() => 1));
});
