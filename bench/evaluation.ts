/**
 * The speed of a trial's evaluation, on one thread: images a second in batches of 250.
 *
 *     npx tsx bench/evaluation.ts 1 56
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { trialEnvironment } from '../src/provision/trial-environment.js';
import { prepareEngine } from './prepare.js';

const script = fileURLToPath(import.meta.url);
const [alpha = '1', size = '56', isChild] = process.argv.slice(2);

if (isChild === undefined) {
  const engine = await prepareEngine();
  const environment = trialEnvironment(engine, { gpuIndex: null, threads: 1 });
  for (let round = 1; round <= 3; round++) {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--import', 'tsx', script, alpha, size, 'child'],
      { encoding: 'utf8', env: { ...process.env, ...environment } },
    );
    if (status !== 0) throw new Error(stderr);
    process.stdout.write(stdout);
  }
} else {
  const { tf } = await import('../src/engine/tfjs.js');
  const { mobilenetV1 } = await import('../src/model/mobilenet-v1/mobilenet-v1.js');
  const { initialValues } = await import('../src/model/initial-values.js');
  const { initialSeeds } = await import('../src/train/random-streams.js');
  const { Classifier } = await import('../src/train/classifier.js');
  const { makeSteps } = await import('../src/train/step.js');
  const { DeviceImages } = await import('../src/train/device-images.js');
  const { defaultDataset } = await import('../src/data/datasets.js');
  const { resolveContext, resolveParams } = await import('../src/params/resolve-params.js');
  const params = resolveParams(
    { alpha: Number(alpha), resolution: Number(size), weights: 'none' },
    resolveContext({}, defaultDataset),
  );
  const facts = { classes: defaultDataset.classes, shape: [28, 28, 1] as const, mean: [0], deviation: [1] };
  const network = mobilenetV1({ alpha: params.alpha, frozenBlocks: 0, classes: 10, precision: 'float32' });
  const classifier = new Classifier(network, initialValues(network, initialSeeds(1), null), params.optimizer);
  const steps = makeSteps(classifier, params, facts, null);
  const count = 1000;
  const images = new DeviceImages(
    {
      images: Uint8Array.from({ length: count * 784 }, (_, index) => (index * 7919) % 256),
      labels: new Uint8Array(count),
    },
    facts.shape,
  );
  const batchOf = (first: number, length: number) =>
    images.batch(Int32Array.from({ length }, (_, i) => first + i));
  const evaluate = () => {
    for (let first = 0; first < count; first += 250) {
      const sums = steps.evaluate(batchOf(first, 250));
      sums.lossSum.dataSync();
      tf.dispose(Object.values(sums));
    }
  };
  evaluate();
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    evaluate();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const perSecond = (1000 * count) / times[2]!;
  console.log(`alpha ${alpha}, ${size} pixels: evaluation ${perSecond.toFixed(0)} images/s`);
}
