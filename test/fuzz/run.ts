/** npm run fuzz -- TARGET --runs 100000 --seed 1: a long run of one target; what it finds is written to fuzz-findings/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.js';
import { Inputs, targets } from './inputs.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const [name] = positionals;
if (name === undefined || !Object.hasOwn(targets, name)) {
  console.error(
    `npm run fuzz -- TARGET wants one of ${Object.keys(targets).join(', ')}, not ${name ?? 'nothing'}`,
  );
  process.exit(2);
}
const seed = Number(values.seed);
const { findings, slowest, peakMegabytes } = await fuzz(name, { seed, runs: Number(values.runs) });
const inputs = new Inputs(name, seed);
for (const { index, finding } of findings) {
  mkdirSync('fuzz-findings', { recursive: true });
  const path = `fuzz-findings/${name}-${seed}-${index}`;
  writeFileSync(path, inputs.at(index));
  console.log(`${path}\n${finding}\n`);
}
const slow = slowest ? `, slowest ${slowest.milliseconds} ms (input ${slowest.index})` : '';
console.log(
  `${name}, seed ${seed}: ${findings.length} findings in ${values.runs} inputs${slow}, ${peakMegabytes} MB`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
