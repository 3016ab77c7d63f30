import { expect, test } from 'vitest';
import { killSweeps } from './kill-sweeps.js';

test(
  'ten kills at random moments cost nothing but the trials that were running',
  { timeout: 600_000 },
  async () => {
    const { kills, sweeps } = await killSweeps(10, 2);
    expect(kills).toBe(10);
    expect(sweeps).toBeGreaterThanOrEqual(1);
  },
);
