import { expect, test } from 'vitest';
import { fuzz } from './fuzz.js';
import { targets } from './inputs.js';

/** The corpus, and some thousand inputs made of it; `npm run fuzz` runs more. */
test.each(Object.entries(targets))('%s is read, or refused with a clear error', async (name, { runs }) => {
  const { findings } = await fuzz(name, { seed: 2017, runs });
  expect(findings).toEqual([]);
});
