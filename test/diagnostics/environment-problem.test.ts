import { expect, test } from 'vitest';
import type { EnvironmentProblem } from '../../src/diagnostics/environment-problem.js';
import { describeProblem } from '../../src/diagnostics/problem.js';

type Reason = EnvironmentProblem['reason'];
type Details<R extends Reason> = Omit<Extract<EnvironmentProblem, { reason: R }>, 'kind' | 'reason'>;

// One of every reason: a reason without an example does not compile.
const examples: { [R in Reason]: Details<R> } = {
  'no-slurm': {},
  'slurm-silent': {},
  'in-cluster': { trials: 4, path: 'results/tiny/slurm' },
  'submission-refused': {
    command: 'sbatch --parsable --no-requeue --array=0-3 --partition=gpus task.sh',
    output:
      'sbatch: error: invalid partition specified: gpus\nsbatch: error: Batch job submission failed: Invalid partition name specified\n',
  },
  'class-only-validated': {
    title: 'flowers',
    folder: './flowers',
    classes: ['`tulips`: no image in train, 40 in val'],
    trained: ['daisies', 'roses'],
  },
  'class-without-images': {
    title: 'flowers',
    folders: ['`train/orchids`: empty', '`train/lilies`: 12 files, none an image: notes.txt, IMG_1.CR2, …'],
    others: ['daisies', 'roses'],
  },
  'class-names-collide': { title: 'flowers', pairs: ['`Roses` and `roses`'] },
  'unlabelled-images': { title: 'flowers', images: ['1.png', '2.png'] },
  'bad-images': {
    title: 'flowers',
    total: 3670,
    images: Array.from({ length: 22 }, (_, index) => `\`train/roses/${index}.jpg\`: it is empty`),
  },
  'image-kind': { title: 'flowers', kinds: ['HEIC (24): `train/roses/a.heic`, …'], images: 24 },
  'image-too-large': { path: 'train/maps/europe.png', width: 30000, height: 30000 },
  'counts-differ': {
    images: 'train-images-idx3-ubyte',
    labels: 'train-labels-idx1-ubyte',
    imageCount: 60000,
    labelCount: 59999,
  },
  'data-changed': { title: 'flowers', path: 'train/roses/3.jpg', folder: './flowers' },
  'link-circle': { path: 'train/roses/all', target: '.' },
  'too-many-images': { title: 'flowers', limit: 1000000 },
  'too-many-classes': { title: 'flowers', classes: 70000, limit: 65536 },
  'no-room': { path: '/cache', bytes: 15.1e9, free: 2.5e9 },
  'unsupported-platform': {
    platform: 'darwin arm64',
    supported: ['linux x64 (glibc)', 'linux arm64 (glibc)'],
  },
  'missing-python': { tried: ['python3: no such command', 'python: no such command'] },
  'missing-pip': { python: 'python3', output: '/usr/bin/python3: No module named pip\n' },
  'missing-compiler': { tried: ['c++: no such command', 'g++: no such command', 'clang++: no such command'] },
  'no-gpu': { tried: ['/proc/driver/nvidia/version: not there', 'nvidia-smi -L: no such command'] },
  'engine-memory': {
    label: 'alpha=1 resolution=512',
    images: 256,
    activations: 27_000_000,
    bytes: 27_648_000_000,
    limit: 2 ** 32,
  },
  'no-bfloat16': { why: 'this processor has no AVX512_BF16' },
  'not-built': { path: '/opt/runner/dist/vendor/tfjs-node-gpu.cjs' },
  'not-written': { path: 'experiment.yaml', cause: 'it exists already' },
  'results-outside': { path: 'results/flip-vs-mask', folder: 'results', target: '/home/ada' },
  'engine-download-failed': {
    requirement: 'tensorflow-cpu==2.21.0',
    command: 'python3 -m pip download --no-deps tensorflow-cpu==2.21.0',
    output: 'ERROR: No matching distribution found\n\nfor tensorflow-cpu==2.21.0\n',
  },
  'engine-checksum': { file: 'tensorflow_cpu-2.21.0.whl', expected: '2b84', actual: 'ffff' },
  'engine-compile-failed': {
    command: 'c++ -std=c++17 binding.cc',
    output: "binding.cc:1: error: expected ';'\n",
  },
  'engine-does-not-load': { bindingPath: '/cache/tfjs_binding.node', output: 'GLIBC_2.27 not found' },
  'bad-libtensorflow': { path: '/opt/tensorflow', missing: ['include/tensorflow/c/c_api.h'] },
  'cache-unusable': { path: '/cache', detail: 'ENOSPC: no space left on device, write' },
  'bad-data-dir': {
    title: 'Fashion-MNIST',
    path: 'data',
    from: '--data-dir',
    missing: 'train-labels-idx1-ubyte',
  },
  'data-not-found': {
    title: 'Fashion-MNIST',
    contents: 'four IDX files',
    directoryVariable: 'FASHION_MNIST_DIR',
    debianPackage: 'dataset-fashion-mnist',
    files: [
      { name: 'train-labels-idx1-ubyte.gz', bytes: 60008, sha256: 'bad3', of: 'content' },
      { name: 'gzip.zip', bytes: 561753746, sha256: 'fb9b', of: 'file' },
    ],
    folder: '/cache/fashion-mnist',
    tried: ['/cache/fashion-mnist: not there', 'apt-get download: no such command as apt-get'],
  },
  'data-corrupt': {
    title: 'Fashion-MNIST',
    path: 'data/train-labels-idx1-ubyte.gz',
    detail: 'it is cut short',
  },
  'bad-weights-dir': { path: 'weights', from: 'RUNNER_WEIGHTS_DIR' },
  'weights-not-found': {
    fileName: 'mobilenet_1_0_224_tf_no_top.h5',
    url: 'https://storage.googleapis.com/tensorflow/keras-applications/mobilenet/mobilenet_1_0_224_tf_no_top.h5',
    folder: '/cache/weights',
    tried: ['/cache/weights: not there'],
  },
  'weights-corrupt': { path: 'mobilenet_1_0_224_tf_no_top.h5', detail: 'it is not an HDF5 file' },
  'journal-newer': { path: 'results/flip-vs-mask/journal.jsonl', version: 3 },
  'results-unreadable': {
    path: 'results/flip-vs-mask/journal.jsonl',
    cause: 'EACCES: permission denied, open',
  },
  'results-unwritable': {
    path: 'results/flip-vs-mask/journal.jsonl',
    cause: 'ENOSPC: no space left on device, write',
  },
  'plan-unreadable': {
    path: 'results/flip-vs-mask/plan.json',
    cause: "Expected ',' or '}' after property value in JSON at position 17",
  },
  'already-shown': {
    path: 'results/flip-vs-mask/journal.jsonl',
    shown: 6,
    seeds: 12,
    at: '2026-11-25T20:15:00.000Z',
  },
  'no-model': { path: 'results/flip-vs-mask', isFolder: true },
  'model-unreadable': {
    path: 'results/flip-vs-mask/models/best/model.safetensors',
    cause: 'it is damaged: its numbers are not those that were written',
  },
  'images-unreadable': {
    total: 30,
    images: Array.from(
      { length: 12 },
      (_, index) => `\`holiday-${index}.jpg\`: cut short: its end is missing`,
    ),
  },
  'nothing-known': { path: 'results/flip-vs-mask', trials: 12, others: 8 },
};

test.each(Object.entries(examples))('%s', (reason, details) => {
  const problem = { kind: 'environment', reason, ...details } as EnvironmentProblem;
  expect(describeProblem(problem)).toMatchSnapshot();
});

test('of the only image, and of a path that leads nowhere', () => {
  const images = ['`holiday.jpg`: it is empty'];
  const alone = describeProblem({ kind: 'environment', reason: 'images-unreadable', total: 1, images });
  expect(alone).toContain(
    'error[images-unreadable]: the image cannot be read\n  = `holiday.jpg`: it is empty\n',
  );
  const nowhere = describeProblem({ kind: 'environment', reason: 'no-model', path: 'x', isFolder: false });
  expect(nowhere).toContain('error[no-model]: there is nothing at `x`\n');
});

test('of a long output the last eight lines are quoted', () => {
  const output = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join('\n');
  const text = describeProblem({
    kind: 'environment',
    reason: 'missing-pip',
    python: 'python3',
    output,
  });
  expect(text).toContain('pip says:\n      line 13\n');
  expect(text).toContain('      line 20\n');
});
