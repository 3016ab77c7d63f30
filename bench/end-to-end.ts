import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultDataset } from '../src/data/datasets.js';
import { cores, prepareEngine, preparePeer } from './programs.js';

const here = dirname(fileURLToPath(import.meta.url));
const work = { alpha: 0.25, size: 32, epochs: 2, seeds: [1, 2, 3, 4] };
export const workDescription = '4 trials of 2 epochs on all 60,000 images, alpha 0.25, 32×32, random weights';

export interface Way {
  readonly name: string;
  /** Seconds from the start of the first process to the end of the last. */
  measure(): Promise<number>;
}

/** The same four trials by this program, and by a Keras script one after the other and several at a time. */
export async function prepareWays(): Promise<Way[]> {
  await prepareEngine();
  const python = preparePeer('keras');
  const { directory } = await defaultDataset.find({ dataDir: undefined, onProgress: console.error });
  const keras = (threads: number, seeds: readonly number[]) =>
    run(
      python,
      [
        join(here, 'peers/keras_trials.py'),
        directory,
        ...[work.alpha, work.size, work.epochs, ...seeds].map(String),
      ],
      { THREADS: String(threads), OMP_NUM_THREADS: String(threads), CUDA_VISIBLE_DEVICES: '-1' },
    );
  const shares = Array.from({ length: Math.min(cores, work.seeds.length) }, (_, share) =>
    work.seeds.filter((_, index) => index % cores === share),
  );
  return [
    { name: 'runner', measure: () => timed(runExperiment) },
    { name: 'Keras, one after the other', measure: () => timed(() => keras(cores, work.seeds)) },
    {
      name: `Keras, ${shares.length} at a time`,
      measure: () => timed(() => Promise.all(shares.map((seeds) => keras(1, seeds)))),
    },
  ];
}

async function runExperiment(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'runner-bench-'));
  try {
    const file = join(folder, 'end-to-end.yaml');
    const { alpha, size, epochs, seeds } = work;
    const spec = {
      name: 'end-to-end',
      description: workDescription,
      params: { alpha, resolution: size, epochs, weights: 'none' },
      seeds,
    };
    await writeFile(file, JSON.stringify(spec)); // JSON is YAML
    const runner = join(here, '../bin/runner.js');
    await run(process.execPath, [runner, file, '--engine', 'cpu', '--results-dir', folder, '--quiet'], {});
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${errors}`);
}
