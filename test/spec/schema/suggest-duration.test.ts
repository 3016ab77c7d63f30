import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../../src/spec/parse-duration.js';
import { meansNoLimit, suggestDuration } from '../../../src/spec/schema/suggest-duration.js';
import { problemsIn } from '../experiment-folder.js';

const meant: readonly (readonly [value: unknown, duration: string])[] = [
  [60, '60s'],
  [1.5, '1.5s'],
  ['60', '60s'],
  ['90 m', '90m'],
  ['1h 30', '1h30m'],
  ['1h30', '1h30m'],
  ['1h 30m', '1h30m'],
  ['1,5h', '1.5h'],
  ['90min', '90m'],
  ['90 Minutes', '90m'],
  ['12 hours', '12h'],
  ['1 day', '1d'],
  ['1w', '7d'],
  ['1 hour and 30 minutes', '1h30m'],
  ['1:30:00', '1h30m'],
  ['01:30', '1h30m'],
  ['500ms', '0.5s'],
  ['PT1H30M', '1h30m'],
  ['P1DT2H', '1d2h'],
  ['90M', '90m'],
];

test.each(meant)('%j is meant as %s, which is accepted', async (value, duration) => {
  expect(suggestDuration(value)).toBe(duration);
  const { json } = await problemsIn({
    'sweep.yaml': `name: a\nbudget: { trialTimeout: ${JSON.stringify(value)} }`,
  });
  expect(json.map(({ reason, notes }) => [reason, notes[0]])).toEqual([
    ['invalid-duration', `write \`${duration}\``],
  ]);
  const { text } = await problemsIn({ 'sweep.yaml': `name: a\nbudget: { trialTimeout: ${duration} }` });
  expect([text, parseDuration(duration) > 0]).toEqual(['', true]);
});

test.each([['soon'], ['1x'], ['5 10'], ['~5m'], [true], [-5], ['-5m'], [[]], ['9'.repeat(1000)]])(
  '%j is meant as nothing that is sure',
  (value) => {
    expect([suggestDuration(value), meansNoLimit(value)]).toEqual([null, false]);
  },
);

describe('no time at all', () => {
  test.each(['0', '0s', '0m0s', '0.0h', '"00:00"', 'off', 'none', 'never', 'null', 'false', '.inf'])(
    '%s is refused for every limit, with a hint to leave it out',
    async (value) => {
      const fields = ['trialTimeout', 'maxDuration', 'stallTimeout'];
      const budget = fields.map((field) => `${field}: ${value}`).join(', ');
      const { json } = await problemsIn({ 'sweep.yaml': `name: a\nbudget: { ${budget} }` });
      expect(json.map(({ reason, notes }) => [reason, notes[0]])).toEqual([
        ['invalid-duration', 'leave the field out for no limit'],
        ['invalid-duration', 'leave the field out for no limit'],
        ['invalid-duration', 'leave the field out for the default, 10m'],
      ]);
    },
  );
});
