/** bench/gpu.sh: runs every step, says which failed, and goes on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareEngine, preparePeer } from '../prepare.js';
import { describeCard } from './card.js';
import { dryExtent, fullExtent, Sitting } from './sitting.js';
import { againstTorch, determinism, engineSuite, packing, smokeTest, wholeTrials } from './steps.js';

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
const isDry = values['dry-run'];
const file = fileURLToPath(new URL('../../results/gpu.md', import.meta.url));
await mkdir(fileURLToPath(new URL('../../results', import.meta.url)), { recursive: true });
const started = performance.now();
const parts: string[] = [];
const failed: string[] = [];

const minutes = (): string => ((performance.now() - started) / 60_000).toFixed(1);

/** Prints what a step gives, and keeps it: a sitting that is cut short has what was measured before. */
async function print(markdown: string): Promise<void> {
  console.log(`${markdown}\n`);
  parts.push(markdown);
  await writeFile(file, `${parts.join('\n\n')}\n`);
}

async function step(title: string, task: () => Promise<string>): Promise<void> {
  console.error(`${minutes()} min: ${title}`);
  try {
    await print(`### ${title}\n\n${await task()}`);
  } catch (error) {
    failed.push(title);
    await print(`### ${title}\n\nThis step failed: ${(error as Error).message}`);
  }
}

// A machine without a card ends here, with the reason and an exit code: there is nothing to be measured.
const engine = await prepareEngine(isDry ? 'cpu' : 'gpu');
const card = engine.devices.kind === 'gpu' ? engine.devices.gpus[0]!.index : null;
const sitting = new Sitting(engine, card, isDry ? dryExtent : fullExtent);
const processor = `${cpus()[0]!.model}, ${cpus().length} cores`;
const where =
  card === null ? 'A dry run on a CPU: no figure below says anything of a GPU' : await describeCard(card);
await print(
  `## On a GPU\n\n${where ?? 'nvidia-smi does not know the card'}. ${processor}; Node ${process.versions.node}, ` +
    `TensorFlow ${engine.tensorflowVersion}. ${new Date().toISOString().slice(0, 10)}, by \`bench/gpu.sh${isDry ? ' --dry-run' : ''}\`.`,
);
await step('Smoke test', () => smokeTest(sitting));
await step('Engine suite', () => engineSuite(sitting));
await step('Determinism', () => determinism(sitting));
await step('Against PyTorch', async () => againstTorch(sitting, await preparePeer('torch')));
await step('Several trials on one card', () => packing(sitting));
await step('Whole trials', () => wholeTrials(sitting));
await print(
  failed.length === 0
    ? `All steps ran, in ${minutes()} minutes.`
    : `Steps that failed: ${failed.join(', ')}. It took ${minutes()} minutes.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
