/**
 * The start of a trial with each engine: milliseconds from the start of its process to the end of its first step, of
 * nine processes each, one of an engine after one of the other. One thread; data and engine are in the cache.
 *
 *     npx tsx bench/start.ts 0.25 32
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { defaultDataset } from '../src/data/datasets.js';
import { wasmEngine } from '../src/engines/wasm/provision-wasm.js';
import { resolveContext, resolveParams } from '../src/params/resolve-params.js';
import { trialEnvironment } from '../src/provision/trial-environment.js';
import type { TrialMessage, TrialRequest } from '../src/trial/trial-protocol.js';
import { median } from './measure-steps.js';
import { prepareEngine } from './prepare.js';

const trialProcess = fileURLToPath(new URL('../dist/train/trial-process.js', import.meta.url));
const [alpha = 0.25, resolution = 32] = process.argv.slice(2).map(Number);
const processes = 9;

const engines = { native: await prepareEngine(), WebAssembly: wasmEngine('') };
const { directory } = await defaultDataset.find({ onProgress: console.error });
const params = resolveParams({ alpha, resolution, weights: 'none' }, resolveContext({}, defaultDataset));
const request = {
  trial: {
    id: 'a1b2',
    cellIndex: 0,
    label: '',
    seed: 2017,
    params,
    data: { validation: 'test' },
    context: {},
  },
  dataset: defaultDataset.name,
  dataDirectory: directory,
  weightsPath: null,
  engine: '',
  checkpoint: null,
} as unknown as TrialRequest;

const times = Object.entries(engines).map(([name, engine]) => ({
  name,
  engine,
  milliseconds: [] as number[],
}));
for (let round = 0; round < processes; round++)
  for (const { engine, milliseconds } of times) {
    const environment = trialEnvironment(engine, { gpuIndex: null, threads: 1 });
    const start = performance.now();
    const child = fork(trialProcess, [], {
      serialization: 'advanced',
      execArgv: [],
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.send(request);
    for (let type = ''; type !== 'progress';)
      type = ((await once(child, 'message')) as [TrialMessage])[0].type;
    milliseconds.push(performance.now() - start);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
console.log(`Node ${process.versions.node}, alpha ${alpha}, ${resolution} pixels, first step after`);
for (const { name, milliseconds } of times) {
  const [least, most] = [Math.min(...milliseconds), Math.max(...milliseconds)];
  console.log(`${name}: ${median(milliseconds).toFixed(0)} ms (${least.toFixed(0)} to ${most.toFixed(0)})`);
}
