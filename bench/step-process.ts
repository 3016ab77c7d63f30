/**
 * A trial's training step, again and again, in a process of its own. Protocol: it warms up, prints its work
 * for an image (a line of JSON, see work.ts), reads a line with a number of seconds, steps for so long, and prints the
 * milliseconds of each step and its peak memory. The batch is the same each time and the loss is read after each step, as
 * in peers/.
 *
 *     tsx bench/step-process.ts ALPHA SIZE BATCH [PRECISION]
 */
import { createInterface } from 'node:readline/promises';
import { graphFunction } from '../src/engine/graph-function.js';
import type { Precision } from '../src/engine/network-operations.js';
import { tf, type Tensor1D, type Tensor4D } from '../src/engine/tfjs.js';
import { initialValues } from '../src/model/initial-values.js';
import { mobilenetV1 } from '../src/model/mobilenet-v1/mobilenet-v1.js';
import { defaultDataset } from '../src/data/datasets.js';
import { resolveContext, resolveParams } from '../src/params/resolve-params.js';
import { Classifier } from '../src/train/classifier.js';
import { initialSeeds } from '../src/train/random-streams.js';
import { trainStep } from '../src/train/step.js';
import { countWork } from './count-work.js';

const [alpha, size, batch] = process.argv.slice(2, 5).map(Number) as [number, number, number];
const precision = (process.argv[5] ?? 'float32') as Precision;
const params = resolveParams({ alpha, resolution: size }, resolveContext({}, defaultDataset));
const network = mobilenetV1({ alpha, frozenBlocks: 0, classes: 10, precision });
const classifier = new Classifier(network, initialValues(network, initialSeeds(1), null), params.optimizer);
const images: Tensor4D = tf.randomUniform([batch, size, size, 1]);
const labels: Tensor1D = tf.randomUniform([batch], 0, 10, 'int32');

let steps = 0;
const stepFunction = graphFunction((...inputs) => {
  const [images, labels, seed, scalars] = inputs as [Tensor4D, Tensor1D, Tensor1D, Tensor1D];
  const { lossSum, correct } = trainStep(
    classifier,
    { images, labels, targets: null },
    params,
    seed,
    scalars,
  );
  return [lossSum, correct];
});
const step = () =>
  tf.tidy(() => {
    steps++;
    const seed = tf.tensor1d([steps, 1], 'int32');
    const [lossSum] = stepFunction(images, labels, seed, classifier.optimizerScalars(steps, 1e-3));
    lossSum!.dataSync();
  });
for (let i = 0; i < 5; i++) step();
console.log(JSON.stringify(countWork(classifier, size)));
const lines = createInterface({ input: process.stdin });
const seconds = Number((await lines[Symbol.asyncIterator]().next()).value);
lines.close();
const stepMilliseconds: number[] = [];
const end = performance.now() + seconds * 1000;
for (let start = performance.now(); start < end; start = performance.now()) {
  step();
  stepMilliseconds.push(performance.now() - start);
}
console.log(JSON.stringify({ stepMilliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
