import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/commands/arguments.js';
import { executorNamed } from '../../src/commands/train-pending.js';
import { executors } from '../../src/run/executors.js';

test('an executor is a file of the folder, under its name', () => {
  const files = readdirSync(new URL('../../src/run/executors/', import.meta.url));
  expect(executors.map(({ name }) => `${name}.ts`)).toEqual(files.sort());
  expect(executorNamed('local').name).toBe('local');
});

test('a name that is none is refused, with those that there are', () => {
  expect(() => executorNamed('cloud')).toThrow(UsageError);
  expect(() => executorNamed('cloud')).toThrow('--executor: expected local or slurm, got `cloud`');
});
