import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultDataset } from '../src/data/datasets.js';
import { readWork } from './measure-steps.js';
import { preparePeer } from './prepare.js';
import { cores, peerEnvironment, prepareContestants } from './programs.js';
import type { Work } from './work.js';

const here = dirname(fileURLToPath(import.meta.url));
const work = { alpha: 0.25, size: 32, epochs: 2, seeds: [1, 2, 3, 4] };
export const workDescription = '4 trials of 2 epochs on all 60,000 images, alpha 0.25, 32×32, random weights';

export interface Way {
  readonly name: string;
  measure(): Promise<Sitting>;
}

export interface Sitting {
  /** From the start of the first process to the end of the last. */
  readonly seconds: number;
  /** The same in all trials. */
  readonly work: Work;
}

/** Scripts that one would write instead. */
const peers = [
  { name: 'Keras', family: 'keras', script: 'keras_trials.py' },
  { name: 'PyTorch', family: 'torch', script: 'torch_trials.py' },
] as const;

/**
 * The same four trials by this program with each engine, and by each peer's script one after the other and several at a
 * time. @param names of contestants; the others are left out
 */
export async function prepareWays(names: readonly string[]): Promise<Way[]> {
  const [contestant] = await prepareContestants(['runner']);
  const ourWork = await readWork(contestant!.program(work, 1));
  const ours = (name: string, engine: 'cpu' | 'wasm'): Way => ({
    name,
    measure: async () => ({ seconds: (await timed(() => runExperiment(engine))).seconds, work: ourWork }),
  });
  const ways = [];
  if (names.includes('runner')) ways.push(ours('runner', 'cpu'));
  if (names.includes('WebAssembly')) ways.push(ours('runner, WebAssembly', 'wasm'));
  const { directory } = await defaultDataset.find({ dataDir: undefined, onProgress: console.error });
  for (const { name, family, script } of peers) {
    const python = names.includes(name) ? await preparePeer(family) : null;
    if (python !== null) ways.push(...peerWays(name, python, join(here, 'peers', script), directory));
  }
  return ways;
}

function peerWays(name: string, python: string, script: string, directory: string): Way[] {
  const { alpha, size, epochs, seeds } = work;
  const trials = async (threads: number, seeds: readonly number[]): Promise<Work> => {
    const args = [script, directory, ...[alpha, size, epochs, ...seeds].map(String)];
    const [line] = (await run(python, args, peerEnvironment(threads))).split('\n', 1);
    const { parameters, multiplyAdds } = JSON.parse(line!) as Work;
    return { parameters, multiplyAdds };
  };
  const shares = Array.from({ length: Math.min(cores, seeds.length) }, (_, share) =>
    seeds.filter((_, index) => index % cores === share),
  );
  return [
    {
      name: `${name}, one after the other`,
      measure: async () => {
        const { seconds, result } = await timed(() => trials(cores, seeds));
        return { seconds, work: result };
      },
    },
    {
      name: `${name}, ${shares.length} at a time`,
      measure: async () => {
        const { seconds, result } = await timed(() => Promise.all(shares.map((share) => trials(1, share))));
        return { seconds, work: result[0]! };
      },
    },
  ];
}

async function runExperiment(engine: 'cpu' | 'wasm'): Promise<void> {
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
    await run(process.execPath, [runner, file, '--engine', engine, '--results-dir', folder, '--quiet'], {});
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function timed<T>(task: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const start = performance.now();
  const result = await task();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** What the command writes on standard output. */
async function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${errors}`);
  return output;
}
