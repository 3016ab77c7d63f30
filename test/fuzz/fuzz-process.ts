/**
 * Reads the inputs FIRST … LAST − 1 of one target. Before each it writes its number into the file `beat` of its folder, so
 * that its parent knows which one it hung at or died of; findings go to standard output, a line of JSON each.
 */
import { openSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { Inputs, targets } from './inputs.js';

const [name, seed, first, last, folder] = process.argv.slice(2) as [string, string, string, string, string];
const peakLimit = 1_500_000; // kB of resident memory: an experiment file of 1 MB takes 0.7 GB

const target = targets[name]!;
const inputs = new Inputs(name, Number(seed));
await mkdir(join(folder, 'work'));
const read = await target.open(join(folder, 'work'));
const beat = openSync(join(folder, 'beat'), 'w');
let slowest = { milliseconds: 0, index: Number(first) };
for (let index = Number(first); index < Number(last); index++) {
  writeSync(beat, String(index).padEnd(12), 0);
  const input = inputs.at(index);
  const started = performance.now();
  let finding = await attempt(input);
  const milliseconds = Math.round(performance.now() - started);
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, index };
  if (Object.keys(Object.prototype).length > 0) finding = 'the prototype of all objects was changed';
  const { maxRSS } = process.resourceUsage();
  if (maxRSS > peakLimit) finding = `the process takes ${Math.round(maxRSS / 1000)} MB`;
  if (finding !== null) say({ index, finding });
  if (maxRSS > peakLimit) process.exit(1); // the next input would be blamed for it
}
say({ slowest, maxRSS: process.resourceUsage().maxRSS });
process.exit(0);

/** What went wrong; null where the input was read, or refused as documented. */
async function attempt(input: Buffer): Promise<string | null> {
  try {
    await read(input);
    await setImmediate(); // a promise that nobody waits for is rejected by now
    return null;
  } catch (error) {
    return target.isDocumented(error) ? null : inspect(error);
  }
}

function say(message: object): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}
