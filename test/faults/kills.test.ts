import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { experiment, figures, newFolder, runner, RunningRunner } from '../command-line.js';
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

test.each(['SIGKILL', 'SIGINT'] as const)(
  'a long trial goes on from its last checkpoint after %s, to the same numbers',
  async (signal) => {
    const folder = await newFolder(
      experiment({
        params: `{ alpha: 0.25, weights: none, resolution: 28, epochs: 12, optimizer: { name: adamw }, schedule: { name: cosine } }`,
        matrix: '{ augmentation: [flip] }',
        seeds: '[2017]',
      }),
    );
    const run = new RunningRunner(folder, ['tiny.yaml']);
    await run.said(/ epoch 4\/12,/);
    run.kill(signal);
    await run.result;
    const next = await runner(folder, ['tiny.yaml']);
    expect(next.code).toBe(0);
    expect(next.stderr).not.toMatch(/ epoch [123]\/12,/); // three are in the checkpoint at least
    const logs = join(folder, 'results/tiny/logs');
    expect(readFileSync(join(logs, readdirSync(logs)[0]!), 'utf8')).toMatch(
      /Training continues after epoch \d+, from/,
    );
    await runner(folder, ['tiny.yaml', '--results-dir', 'undisturbed']);
    expect(await figures(folder)).toEqual(await figures(folder, 'undisturbed'));
  },
);
