/** What a trial computes with on a GPU, on a CPU: the operations, the loss and the packing of images. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { EpochRecord } from '../../src/trial/outcome.js';

const script = fileURLToPath(new URL('gpu-operations-process.ts', import.meta.url));

interface Trained {
  readonly usesGpuOperations: boolean;
  /** By the trial's name, of each time that it was trained. */
  readonly epochs: Readonly<Record<string, readonly (readonly EpochRecord[])[]>>;
}

function trainAll(asOnGpu: '' | '1'): Trained {
  const folder = mkdtempSync(join(tmpdir(), 'runner-gpu-operations-'));
  const env = { ...process.env, RUNNER_GPU_OPERATIONS: asOnGpu };
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, folder], {
    encoding: 'utf8',
    env,
  });
  rmSync(folder, { recursive: true });
  return JSON.parse(stdout || expect.unreachable(stderr)) as Trained;
}

test('a trial with a GPU’s operations: its first epoch is that of a CPU’s, and it is repeated to the last digit', () => {
  const [onCpu, onGpu] = [trainAll(''), trainAll('1')];
  expect([onCpu.usesGpuOperations, onGpu.usesGpuOperations]).toEqual([false, true]);
  expect(Object.keys(onGpu.epochs)).toHaveLength(4);
  for (const [name, [first, second]] of Object.entries(onGpu.epochs)) {
    const expected = onCpu.epochs[name]![0]![0]!.trainLoss;
    expect(second, name).toEqual(first);
    expect(first![0]!.trainLoss, name).not.toBe(expected); // other kernels were used
    expect(Math.abs(first![0]!.trainLoss / expected - 1), name).toBeLessThan(1e-4);
  }
});
