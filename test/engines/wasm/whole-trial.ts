/** A small trial that asks for as much of the engine as one can, trained by a process of a given Node. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultDataset } from '../../../src/data/datasets.js';
import type { Trial } from '../../../src/plan/plan.js';
import { runCommand } from '../../../src/system/run-command.js';
import { encode, MessageReader, type TrialRequest } from '../../../src/trial/trial-protocol.js';
import { defaultAugmentations, paramsOf } from '../../params.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const trial: Trial = {
  id: 'a1b2',
  cellIndex: 0,
  label: '',
  seed: 2017,
  params: {
    ...paramsOf({ resolution: 32, dropout: 0.2, labelSmoothing: 0.1 }),
    trainSubset: 320,
    batchSize: 48,
    epochs: 3,
    normalization: 'standardized',
    optimizer: { name: 'adamw', learningRate: 1e-3, weightDecay: 0.01 },
    schedule: { name: 'cosine', warmupEpochs: 1 },
    gradientClip: 1,
    classWeights: 'balanced',
    testTimeFlip: true,
    augmentation: Object.values(defaultAugmentations),
  },
  data: { validation: { holdout: 300 } },
  context: { trainerVersion: 4, dataSha256: '', weightsSha256: null, engineFamily: 'wasm' },
};

/** What the trial measured, to the last digit, without what measures the machine. */
export async function trainWith(node: string): Promise<unknown> {
  const { directory } = await defaultDataset.find({ onProgress: () => {} });
  const request: TrialRequest = {
    trial,
    dataset: defaultDataset.name,
    dataDirectory: directory,
    weightsPath: null,
    engine: 'wasm-simd128',
    checkpoint: null,
  };
  const folder = await mkdtemp(join(tmpdir(), 'runner-digits-'));
  try {
    const [asked, answered] = [join(folder, 'request.json'), join(folder, 'messages.jsonl')];
    await writeFile(asked, encode(request));
    const program = join(root, 'dist/train/trial-process.js');
    const { code, output } = await runCommand(node, [program, '--request', asked, '--messages', answered], {
      env: { ...process.env, RUNNER_TFJS_BINDING: join(root, 'dist/vendor/engine.wasm') },
    });
    if (code !== 0) throw new Error(output);
    const text = await readFile(answered);
    const last = new MessageReader().read(text).at(-1);
    if (last?.type !== 'outcome' || last.outcome.status !== 'completed') throw new Error(String(text));
    const { epochs, tests } = last.outcome;
    return JSON.parse(
      JSON.stringify({
        epochs: epochs.map((epoch) => ({ ...epoch, seconds: undefined })),
        tests,
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
