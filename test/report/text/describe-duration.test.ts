import { expect, test } from 'vitest';
import { describeDuration } from '../../../src/report/text/describe-duration.js';

test.each([
  [0, '1 s'],
  [0.2, '1 s'],
  [59.4, '59 s'],
  [59.6, '1 min'], // not 60 s
  [89, '1 min'],
  [90, '2 min'],
  [3569, '59 min'],
  [3570, '1 h'], // not 60 min
  [5400, '1 h 30 min'],
  [86_340, '23 h 59 min'],
  [86_370, '1 d'], // not 24 h
  [100_000, '1 d 4 h'],
  [172_000, '2 d'], // not 1 d 24 h
])('%d seconds are %s', (seconds, shown) => {
  expect(describeDuration(seconds)).toBe(shown);
});
