/**
 * The loss and the gradients of a network's first step by the engine of RUNNER_TFJS_BINDING, one line of JSON a seed: and on
 * which side of ReLU6's two corners each activation lies.
 */
import { sparseSoftmaxCrossEntropy, statelessUniform } from '../../../src/engine/fused-operations.js';
import { batchNormEpsilon } from '../../../src/engine/network-operations.js';
import { backend } from '../../../src/engine/raw-operations.js';
import { tf, type Tensor4D } from '../../../src/engine/tfjs.js';
import { createNetwork } from '../../../src/model/create-network.js';
import { initialValues } from '../../../src/model/initial-values.js';
import { Classifier } from '../../../src/train/classifier.js';
import { initialSeeds } from '../../../src/train/random-streams.js';
import { imageFacts } from '../../facts.js';
import { paramsOf } from '../../params.js';

/** Of the activations since it was emptied: 0 and 6 are beyond a corner, 1 is between them. */
const sides: number[] = [];
const { binding } = backend;
const forward = new Set(['RunnerDepthwise', 'RunnerPointwise', 'RunnerNormalize']);

function executeOp(...call: Parameters<typeof binding.executeOp>) {
  const [operation, attributes, inputs] = call;
  if (forward.has(operation) && attributes.find(({ name }) => name === 'clip')?.value === 1)
    noteSides(...inputs.slice(0, 5).map((id) => binding.tensorDataSync(id) as Float32Array));
  return binding.executeOp(...call);
}

/** What these kernels are given is z, and what they compute with is clip((z − mean) · gamma / √(variance + ε) + beta). */
function noteSides(...given: readonly Float32Array[]): void {
  const [z, mean, variance, gamma, beta] = given as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (const [index, value] of z.entries()) {
    const c = index % mean.length;
    const y = ((value - mean[c]!) * gamma[c]!) / Math.sqrt(variance[c]! + batchNormEpsilon) + beta[c]!;
    sides.push(y <= 0 ? 0 : y >= 6 ? 6 : 1);
  }
}
backend.binding = new Proxy({} as typeof binding, {
  get(_, name) {
    const value: unknown = name === 'executeOp' ? executeOp : Reflect.get(binding, name);
    return typeof value === 'function' ? (value as () => unknown).bind(binding) : value;
  },
});

const params = paramsOf({ dropout: 0 });
const network = createNetwork(params, imageFacts);
for (const seed of process.argv.slice(2).map(Number)) {
  sides.length = 0;
  const classifier = new Classifier(
    network,
    initialValues(network, initialSeeds(seed), null),
    params.optimizer,
  );
  const images = statelessUniform<Tensor4D>([8, 28, 28, 1], [seed, 3]);
  const labels = tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7], 'int32');
  const { loss, gradients } = tf.tidy(() => {
    const { loss, gradients } = classifier.differentiate(images, { changeFeatures: (x) => x }, (logits) =>
      sparseSoftmaxCrossEntropy(logits, labels),
    );
    return { loss, gradients: [...gradients] };
  });
  const answer = {
    loss: loss.dataSync()[0],
    gradients: gradients.map((gradient) => [...gradient.dataSync()]),
    sides: sides.join(''),
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  classifier.dispose();
}
