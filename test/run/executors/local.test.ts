import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Trial } from '../../../src/plan/plan.js';
import type { ProvisionedEngine } from '../../../src/provision/provision-engine.js';
import local from '../../../src/run/executors/local.js';
import type { TrialRequest } from '../../../src/trial/trial-protocol.js';
import { contextOf, noLimits, paramsOf } from '../../params.js';

const trial: Trial = {
  id: 'a1b2'.repeat(16),
  cellIndex: 0,
  label: '',
  seed: 1,
  params: paramsOf(),
  data: { validation: 'test' },
  context: contextOf(),
};
const request: TrialRequest = {
  trial,
  dataset: 'fashion-mnist',
  dataDirectory: '/nowhere',
  weightsPath: null,
  engine: 'tensorflow-gpu',
  checkpoint: null,
};
const engineOn = (devices: ProvisionedEngine['devices']): ProvisionedEngine => ({
  family: 'tensorflow',
  build: devices.kind,
  why: '',
  tensorflowVersion: '2.21.0',
  bindingPath: '/nowhere/tfjs_binding.node',
  instructionSet: 'baseline',
  libraryPath: [],
  cudaDirectory: null,
  devices,
});
const gpus = [3, 5].map((index) => ({ index, name: 'GPU', memoryMegabytes: 1 }));

const open = (devices: ProvisionedEngine['devices'], slots: number | 'auto', trials = 100) =>
  local.open({
    engine: engineOn(devices),
    slots,
    trials,
    budget: noLimits,
    logFile: () => '/dev/null',
  });

test('has a slot per core, or per GPU, or as many as asked for; no more than trials', () => {
  expect(open({ kind: 'cpu', cores: 6 }, 'auto').slots).toBe(6);
  expect(open({ kind: 'gpu', gpus }, 'auto').slots).toBe(2);
  expect(open({ kind: 'gpu', gpus }, 4).slots).toBe(4);
  expect(open({ kind: 'cpu', cores: 6 }, 'auto', 2).slots).toBe(2);
});

/** Processes that this one has started and that run a program. */
function children(): number[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('trial-process'));
}

test('the slots take the GPUs in turn', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'runner-local-'));
  const executor = local.open({
    engine: engineOn({ kind: 'gpu', gpus }),
    slots: 4,
    trials: 4,
    budget: noLimits,
    logFile: (id) => join(folder, `${id}.log`),
  });
  const seen: (string | undefined)[] = [];
  for (let slot = 0; slot < executor.slots; slot++) {
    const ending = new AbortController();
    const { signal } = ending;
    const ended = executor.run(request, { slot, signal, onProgress: () => {}, onEpoch: () => {} });
    while (children().length === 0) await sleep(5);
    const environment = readFileSync(`/proc/${children()[0]!}/environ`, 'utf8').split('\0');
    seen.push(environment.find((variable) => variable.startsWith('CUDA_VISIBLE_DEVICES=')));
    ending.abort();
    expect(await ended).toBeNull();
  }
  expect(seen).toEqual([3, 5, 3, 5].map((index) => `CUDA_VISIBLE_DEVICES=${index}`));
  await rm(folder, { recursive: true });
});
