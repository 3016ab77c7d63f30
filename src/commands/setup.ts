import { defaultDataset } from '../data/datasets.js';
import { wasmEngine } from '../engines/wasm/provision-wasm.js';
import { chooseFamily } from '../provision/choose-family.js';
import { describeEngine } from '../provision/describe-engine.js';
import { provisionEngine } from '../provision/provision-engine.js';
import { provisionShared, type SharedEngine } from '../provision/provision-shared.js';
import { cacheDirectory, shareCache } from '../system/cache-directory.js';
import type { Arguments } from './arguments.js';
import { loadTrainablePlan } from './load-plan.js';
import { provideImages } from './open-datasets.js';

/**
 * Provides the engine and the data, so that later commands need no network: Fashion-MNIST, or all that an experiment needs,
 * weights and decoded images too. With --shared in a cache that the machines of a cluster share, for every processor.
 */
export async function setup(args: Arguments): Promise<number> {
  const onProgress = (line: string) => args.quiet || process.stderr.write(`${line}\n`);
  const [file] = args.files;
  if (args.shared !== undefined) shareCache(args.shared);
  const loaded = file === undefined ? null : await loadTrainablePlan(file, args);
  // Nodes may have other processors than this machine. WebAssembly needs nothing of a cache.
  const isForNodes = args.shared !== undefined && args.engine !== 'wasm';
  const { family, why } = isForNodes
    ? { family: 'tensorflow', why: '--shared' }
    : (loaded?.engine ??
      (await chooseFamily({ engine: args.engine, finished: null, unprepared: 'prepare', onProgress })));
  const options = { engine: args.engine, onProgress };
  const { engine, bindings }: SharedEngine = isForNodes
    ? await provisionShared(options)
    : { engine: family === 'wasm' ? wasmEngine(why) : await provisionEngine(options), bindings: [] };
  const places = new Set<string>();
  if (loaded === null) {
    const { directory, source } = await defaultDataset.find({ dataDir: args.dataDir, onProgress });
    places.add(`${directory} (${source})`);
  } else {
    const { trials } = loaded.plan;
    const images = await provideImages(trials, loaded.data, args);
    await images.release();
    for (const { params } of trials)
      places.add(`${images.of(params).dataDirectory} (${loaded.data.factsOf(params.dataset).title})`);
  }
  process.stdout.write(
    `engine: ${describeEngine(engine)}\n` +
      bindings.map(({ name, state }) => `binding: ${name}, ${state}\n`).join('') +
      [...places].map((place) => `data: ${place}\n`).join('') +
      (args.shared === undefined ? '' : `A machine profile takes it by \`cache: ${cacheDirectory()}\`\n`),
  );
  return 0;
}
