import { defaultDataset } from '../data/datasets.js';
import { provisionEngine } from '../provision/provision-engine.js';
import type { Arguments } from './arguments.js';

/** Provisions the engine and the data, so that later commands need no network. */
export async function setup(args: Arguments): Promise<number> {
  const onProgress = (line: string) => args.quiet || process.stderr.write(`${line}\n`);
  const engine = await provisionEngine({ engine: args.engine, onProgress });
  const data = await defaultDataset.find({ dataDir: args.dataDir, onProgress });
  process.stdout.write(
    `engine: TensorFlow ${engine.tensorflowVersion} (${engine.build}), ${engine.why}\n` +
      `data: ${data.directory} (${data.source})\n`,
  );
  return 0;
}
