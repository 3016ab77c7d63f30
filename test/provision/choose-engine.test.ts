import { describe, expect, test } from 'vitest';
import { chooseEngine, describeGpus } from '../../src/provision/choose-engine.js';
import { parseGpuList, visibleGpus, type Machine } from '../../src/provision/detect-machine.js';

const laptop: Machine = {
  platform: 'linux',
  arch: 'x64',
  glibc: '2.36',
  cores: 8,
  instructionSet: { name: 'baseline', options: [] },
  nvidia: { driver: null, gpus: [], tried: ['nvidia-smi -L: no such command'] },
};
const h100 = { index: 0, name: 'NVIDIA H100 80GB HBM3' };
const workstation: Machine = { ...laptop, nvidia: { driver: '560.35', gpus: [h100], tried: [] } };
const hidden: Machine = {
  ...laptop,
  nvidia: { driver: '560.35', gpus: [], tried: ['CUDA_VISIBLE_DEVICES=-1'] },
};

const cpu = { build: 'cpu', devices: { kind: 'cpu', cores: 8 } };
const gpu = { build: 'gpu', devices: { kind: 'gpu', gpus: [h100] } };

describe('chooseEngine', () => {
  test.each([
    { title: 'no GPU', machine: laptop, request: 'auto', expected: { ...cpu, why: 'no NVIDIA GPU' } },
    {
      title: 'no GPU, asked for the CPU',
      machine: laptop,
      request: 'cpu',
      expected: { ...cpu, why: '--engine cpu' },
    },
    {
      title: 'no GPU, asked for one',
      machine: laptop,
      request: 'gpu',
      expected: { kind: 'environment', reason: 'no-gpu', tried: ['nvidia-smi -L: no such command'] },
    },
    {
      title: 'a GPU',
      machine: workstation,
      request: 'auto',
      expected: { ...gpu, why: 'found NVIDIA H100 80GB HBM3' },
    },
    {
      title: 'a GPU, asked for it',
      machine: workstation,
      request: 'gpu',
      expected: { ...gpu, why: '--engine gpu' },
    },
    {
      title: 'a GPU, asked for the CPU',
      machine: workstation,
      request: 'cpu',
      expected: { ...cpu, why: '--engine cpu' },
    },
    {
      title: 'a GPU that is hidden',
      machine: hidden,
      request: 'auto',
      expected: { ...cpu, why: 'NVIDIA driver 560.35, but no GPU that may be used' },
    },
    {
      title: 'a GPU on arm64',
      machine: { ...workstation, arch: 'arm64' },
      request: 'auto',
      expected: { ...cpu, why: "TensorFlow's arm64 wheel has no GPU support" },
    },
    {
      title: 'a GPU on arm64, asked for it',
      machine: { ...workstation, arch: 'arm64' },
      request: 'gpu',
      expected: {
        kind: 'environment',
        reason: 'no-gpu',
        tried: ["TensorFlow's arm64 wheel has no GPU support"],
      },
    },
    {
      title: 'Alpine',
      machine: { ...laptop, glibc: null },
      request: 'auto',
      expected: {
        kind: 'environment',
        reason: 'unsupported-platform',
        platform: 'linux x64 without glibc',
        supported: ['linux x64 (glibc)', 'linux arm64 (glibc)'],
      },
    },
    {
      title: 'macOS',
      machine: { ...laptop, platform: 'darwin', arch: 'arm64', glibc: null },
      request: 'cpu',
      expected: {
        kind: 'environment',
        reason: 'unsupported-platform',
        platform: 'darwin arm64',
        supported: ['linux x64 (glibc)', 'linux arm64 (glibc)'],
      },
    },
  ] as const)('$title ($request)', ({ machine, request, expected }) => {
    expect(chooseEngine(machine, request)).toEqual(expected);
  });

  test('a GPU build that failed before is left alone, unless asked for', () => {
    expect(chooseEngine(workstation, 'auto', 'no kernel image')).toEqual({
      ...cpu,
      why: 'the GPU build did not work here: no kernel image (`--engine gpu` tries it again)',
    });
    expect(chooseEngine(workstation, 'gpu', 'no kernel image')).toEqual({ ...gpu, why: '--engine gpu' });
  });

  test('GPUs of one kind are counted', () => {
    const t4 = { index: 2, name: 'Tesla T4' };
    expect(describeGpus([h100, { ...h100, index: 1 }, t4])).toBe('2 × NVIDIA H100 80GB HBM3, Tesla T4');
  });
});

const listing = `GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-5f1b0c1e-0000)
  MIG 3g.40gb     Device  0: (UUID: MIG-77)
GPU 1: Tesla T4 (UUID: GPU-9a2d7e44-0000)
`;

test('nvidia-smi -L is read, slices of a GPU are not counted', () => {
  expect(parseGpuList(listing)).toEqual([
    { index: 0, name: 'NVIDIA H100 80GB HBM3', uuid: 'GPU-5f1b0c1e-0000' },
    { index: 1, name: 'Tesla T4', uuid: 'GPU-9a2d7e44-0000' },
  ]);
});

test.each([
  [undefined, [0, 1]],
  ['0,1', [0, 1]],
  ['1', [1]],
  ['1, 0', [1, 0]],
  ['GPU-9a2d', [1]],
  ['', []],
  ['-1', []],
  ['0,-1,1', [0]],
  ['7', []],
])('CUDA_VISIBLE_DEVICES=%s leaves %j', (variable, indices) => {
  expect(visibleGpus(parseGpuList(listing), variable).map(({ index }) => index)).toEqual(indices);
});
