/**
 * Where a training step's time goes: milliseconds and calls a step by TensorFlow operation, on one thread.
 *
 *     npx tsx bench/operations.ts 0.25 32 [steps]
 */
import { prepareEngine } from './prepare.js';
import { trialEnvironment } from '../src/provision/trial-environment.js';
import type { Tensor1D, Tensor4D } from '../src/engine/tfjs.js';
import { defaultDataset } from '../src/data/datasets.js';
import { resolveContext, resolveParams } from '../src/params/resolve-params.js';
import { initialSeeds } from '../src/train/random-streams.js';

const [alpha = 0.25, size = 32, steps = 20] = process.argv.slice(2).map(Number);
const batch = 64;

const engine = await prepareEngine();
Object.assign(process.env, trialEnvironment(engine, { gpuIndex: null, threads: 1 }));

const { tf } = await import('../src/engine/tfjs.js');
const { Classifier } = await import('../src/train/classifier.js');
const { trainStep } = await import('../src/train/step.js');
const { mobilenetV1 } = await import('../src/model/mobilenet-v1/mobilenet-v1.js');
const { initialValues } = await import('../src/model/initial-values.js');

type Execute = (name: string, ...rest: unknown[]) => unknown;
const backend = tf.backend() as unknown as Record<'executeSingleOutput' | 'executeMultipleOutputs', Execute>;
const spent = new Map<string, { milliseconds: number; calls: number }>();
for (const method of ['executeSingleOutput', 'executeMultipleOutputs'] as const) {
  const execute = backend[method].bind(backend);
  backend[method] = (name, ...rest) => {
    const start = performance.now();
    const result = execute(name, ...rest);
    const entry = spent.get(name) ?? { milliseconds: 0, calls: 0 };
    entry.milliseconds += performance.now() - start;
    entry.calls++;
    spent.set(name, entry);
    return result;
  };
}

const network = mobilenetV1({ alpha, frozenBlocks: 0, classes: 10, precision: 'float32' });
const params = resolveParams({ alpha, resolution: size }, resolveContext({}, defaultDataset));
const classifier = new Classifier(network, initialValues(network, initialSeeds(1), null), params.optimizer);
const images = tf.randomUniform([batch, size, size, 1]);
const labels = tf.randomUniform([batch], 0, 10, 'int32');
const times: number[] = [];
for (let step = -3; step < steps; step++) {
  if (step === 0) spent.clear();
  const start = performance.now();
  const { lossSum, correct } = trainStep(
    classifier,
    { images: images as Tensor4D, labels: labels as Tensor1D, targets: null },
    params,
    [step, 1],
    classifier.optimizerScalars(Math.max(step, 1), 1e-3),
  );
  lossSum.dataSync();
  if (step >= 0) times.push(performance.now() - start);
  tf.dispose([lossSum, correct]);
}
const sorted = times.sort((a, b) => a - b);
const inOperations = [...spent.values()].reduce((sum, { milliseconds }) => sum + milliseconds, 0) / steps;
console.log(
  `alpha ${alpha}, ${size}×${size}, batch ${batch}, one thread: median ${sorted[steps >> 1]!.toFixed(1)} ms a step`,
);
for (const [name, { milliseconds, calls }] of [...spent].sort(
  (a, b) => b[1].milliseconds - a[1].milliseconds,
)) {
  console.log(
    `${name.padEnd(38)} ${(milliseconds / steps).toFixed(2).padStart(8)} ms ${(calls / steps).toFixed(0).padStart(5)} calls`,
  );
}
console.log(`${'all operations'.padEnd(38)} ${inOperations.toFixed(2).padStart(8)} ms`);
