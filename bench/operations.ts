/**
 * Where a training step's time goes: milliseconds and calls a step by TensorFlow operation, on one thread, with the
 * GFLOP/s of convolutions and the GB/s of all (each input and output counted once), beside what one core can do.
 *
 *     npx tsx bench/operations.ts 0.25 32 [steps]
 */
import { measureCeilings } from './ceilings.js';
import { prepareEngine } from './prepare.js';
import { trialEnvironment } from '../src/provision/trial-environment.js';
import type { Tensor, Tensor1D, Tensor4D } from '../src/engine/tfjs.js';
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

type Execute = (name: string, attributes: unknown, inputs: Tensor[], ...rest: unknown[]) => Tensor | Tensor[];
const backend = tf.backend() as unknown as Record<'executeSingleOutput' | 'executeMultipleOutputs', Execute>;
const spent = new Map<string, { milliseconds: number; calls: number; bytes: number; flops: number }>();
for (const method of ['executeSingleOutput', 'executeMultipleOutputs'] as const) {
  const execute = backend[method].bind(backend);
  backend[method] = (name, attributes, inputs, ...rest) => {
    const start = performance.now();
    const result = execute(name, attributes, inputs, ...rest);
    const entry = spent.get(name) ?? { milliseconds: 0, calls: 0, bytes: 0, flops: 0 };
    entry.milliseconds += performance.now() - start;
    entry.calls++;
    entry.bytes += 4 * [...inputs, result].flat().reduce((sum, tensor) => sum + tensor.size, 0);
    entry.flops += flopsOf(name, inputs, [result].flat()[0]);
    spent.set(name, entry);
    return result;
  };
}

/** Of a convolution two a multiply-add; a gradient is two convolutions, but the first layer's, which is one. */
function flopsOf(name: string, inputs: readonly Tensor[], output: Tensor | undefined): number {
  const [, kind, gradient] = /^Runner(ImageConvolution|Depthwise|Pointwise)(Gradient)?$/.exec(name) ?? [];
  if (kind === undefined) return 0;
  const [x] = inputs as [Tensor];
  if (kind === 'ImageConvolution') {
    const z = gradient ? inputs[1]! : output!;
    return 2 * z.size * 9 * x.shape.at(-1)!;
  }
  const [kernel, z] = [inputs[5]!, gradient ? inputs[6]! : output!];
  return (gradient ? 4 : 2) * (z.size / z.shape.at(-1)!) * kernel.size;
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
const { peak, copy } = await measureCeilings(alpha, size, batch);
console.log(`one core: ${peak.toFixed(0)} GFLOP/s, copies ${copy.toFixed(0)} GB/s`);
for (const [name, { milliseconds, calls, bytes, flops }] of [...spent].sort(
  (a, b) => b[1].milliseconds - a[1].milliseconds,
)) {
  console.log(
    `${name.padEnd(38)} ${(milliseconds / steps).toFixed(2).padStart(8)} ms ${(calls / steps).toFixed(0).padStart(5)} calls` +
      `${(bytes / milliseconds / 1e6).toFixed(1).padStart(7)} GB/s` +
      (flops > 0 ? `${(flops / milliseconds / 1e6).toFixed(1).padStart(7)} GFLOP/s` : ''),
  );
}
console.log(`${'all operations'.padEnd(38)} ${inOperations.toFixed(2).padStart(8)} ms`);
