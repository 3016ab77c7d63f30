/**
 * Whether a long trial leaks: 20 epochs of 100 steps in a process of its own, resident memory and tensors after each.
 *
 *     npx tsx bench/memory.ts [ALPHA] [SIZE]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { defaultDataset } from '../src/data/datasets.js';
import { trainerVersion } from '../src/plan/trainer-version.js';
import type { Trial } from '../src/plan/plan.js';
import { resolveContext, resolveParams } from '../src/params/resolve-params.js';
import { loadDefaultImages } from './default-images.js';
import { prepareEngine } from './prepare.js';
import { trialEnvironment } from '../src/provision/trial-environment.js';

const [alpha = 0.25, resolution = 32] = process.argv.slice(2).map(Number);

if (process.env['RUNNER_TFJS_BINDING'] === undefined) {
  // TensorFlow's environment is read when a process starts: go on in a child that has it.
  const engine = await prepareEngine();
  const environment = trialEnvironment(engine, { gpuIndex: null, threads: 1 });
  const args = [...process.execArgv, fileURLToPath(import.meta.url), String(alpha), String(resolution)];
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
  const [code] = (await once(child, 'close')) as [number];
  process.exitCode = code;
} else {
  const { tf } = await import('../src/engine/tfjs.js');
  const { trainTrial } = await import('../src/train/train-trial.js');
  const trial: Trial = {
    id: '',
    cellIndex: 0,
    label: '',
    seed: 2017,
    params: {
      ...resolveParams(
        { alpha, resolution, weights: 'none', epochs: 20 },
        resolveContext({ data: { trainSubset: 6400 } }, defaultDataset),
      ),
      augmentation: [{ name: 'horizontalFlip', probability: 0.5 }],
    },
    data: { validation: { holdout: 2000 } },
    context: { trainerVersion, dataSha256: '', weightsSha256: null, engineFamily: 'tensorflow' },
  };
  console.log(`alpha ${alpha}, ${resolution} px\n\n| epoch | resident, MB | tensors |\n|---|---|---|`);
  const job = {
    trial,
    ...(await loadDefaultImages()),
    pretrained: null,
    engine: 'tensorflow-cpu',
    checkpoint: null,
  };
  await trainTrial(job, {
    progress: () => {},
    alive: () => {},
    epoch: ({ epoch }) => {
      const resident = (process.memoryUsage.rss() / 1e6).toFixed(0);
      console.log(`| ${epoch} | ${resident} | ${tf.memory().numTensors} |`);
    },
  });
}
