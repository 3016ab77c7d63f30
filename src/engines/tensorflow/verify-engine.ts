import { RunnerError } from '../../diagnostics/runner-error.js';
import { tfjsBundle } from './compile-binding.js';
import type { ProvisionedEngine } from '../../provision/provision-engine.js';
import { runCommand } from '../../system/run-command.js';
import { tensorflowEnvironment } from './trial-environment.js';

export interface Verification {
  /** The version that the loaded library gives itself. */
  readonly tensorflowVersion: string;
  readonly usesGpu: boolean;
}

// The two functions are those of tfjs.ts.
const script = `
  const util = require('node:util');
  util.isNullOrUndefined = (value) => value === null || value === undefined;
  util.isArray = Array.isArray;
  const tf = require(process.argv[1]);
  const backend = tf.backend();
  const a = tf.tensor2d([[1, 2], [3, 4]]);
  const product = Array.from(tf.matMul(a, a).dataSync());
  console.log(JSON.stringify({
    tensorflowVersion: backend.binding.TF_Version, usesGpu: backend.isUsingGpuDevice, product,
  }));
  process.exit();
`;

/**
 * Loads the engine into a process of its own and multiplies two matrices there.
 * @throws RunnerError `engine-does-not-load`, also where a GPU build finds no GPU
 */
export async function verifyEngine(
  engine: Pick<ProvisionedEngine, 'bindingPath' | 'libraryPath' | 'cudaDirectory' | 'devices'>,
): Promise<Verification> {
  const { bindingPath, devices } = engine;
  const gpuIndex = devices.kind === 'gpu' ? (devices.gpus[0]?.index ?? null) : null;
  const environment = {
    ...tensorflowEnvironment(engine, { gpuIndex, threads: 1 }),
    TF_CPP_MIN_LOG_LEVEL: '0',
  };
  const { code, stdout, output } = await runCommand(process.execPath, ['-e', script, tfjsBundle], {
    env: { ...process.env, ...environment, NODE_OPTIONS: '' },
    timeoutMs: 300_000, // a GPU's first kernels may be compiled at run time
  });
  const fail = (text: string): never => {
    throw new RunnerError([
      { kind: 'environment', reason: 'engine-does-not-load', bindingPath, output: text },
    ]);
  };
  const result = /^\{"tensorflowVersion".*\}$/m.exec(stdout)?.[0];
  if (code !== 0 || result === undefined) return fail(output);
  const { product, ...verification } = JSON.parse(result) as Verification & { product: number[] };
  if (product.join() !== '7,10,15,22') return fail(`[[1, 2], [3, 4]] squared gave ${product.join(', ')}`);
  if (devices.kind === 'gpu' && !verification.usesGpu) {
    return fail(`${output.replace(result, '')}\nTensorFlow loads, but finds no GPU that it can use`);
  }
  return verification;
}
