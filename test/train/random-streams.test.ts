import { expect, test } from 'vitest';
import { shuffledIndices } from '../../src/train/random-streams.js';

test('a shuffle is a permutation that depends on seed and epoch only', () => {
  const order = shuffledIndices(1000, 2017, 1);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  expect(shuffledIndices(1000, 2017, 1)).toEqual(order);
  expect(shuffledIndices(1000, 2017, 2)).not.toEqual(order);
  expect(shuffledIndices(1000, 2018, 1)).not.toEqual(order);
});
