import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { describeDoctorReport, inspectInstallation } from '../../src/commands/inspect-installation.js';

afterEach(() => vi.unstubAllEnvs());

const states = async (options: Parameters<typeof inspectInstallation>[0]) => {
  const { checks, nextCommand } = await inspectInstallation(options);
  return { nextCommand, ...Object.fromEntries(checks.map(({ name, state }) => [name, state])) };
};

test('where everything is there, every part is named and nothing is left to do', async () => {
  const report = await inspectInstallation({ engine: 'cpu' });
  expect(report.nextCommand).toBeNull();
  const text = describeDoctorReport(report);
  expect(text).toMatch(/^ok {7}engine {4}TensorFlow 2\.21\.0 \(cpu, --engine cpu\), computes on the CPU$/m);
  expect(text).toMatch(/^ok {7}data {6}Fashion-MNIST, content as published/m);
  expect(text).toMatch(/Everything is there\.$/);
});

test('an empty cache needs `runner setup`, a wrong folder is a problem, and nothing is changed', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'runner-doctor-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
  expect(await states({ engine: 'cpu' })).toMatchObject({ engine: 'absent', nextCommand: 'runner setup' });
  await writeFile(join(cache, 'train-images-idx3-ubyte'), '');
  expect(await states({ engine: 'cpu', dataDir: cache })).toMatchObject({ data: 'problem' });
  expect(await states({ engine: 'cpu', weightsDir: join(cache, 'nowhere') })).toMatchObject({
    weights: 'problem',
  });
  await rm(cache, { recursive: true });
});
