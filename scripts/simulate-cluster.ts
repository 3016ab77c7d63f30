/**
 * Measures what a large sweep costs the runner on a cluster: the program itself, with commands of Slurm that simulate a
 * scheduler. Its tasks train nothing: each writes what a task writes, with the outcome of a trial that was trained before.
 *
 *     npx tsx scripts/simulate-cluster.ts TRIALS PARALLEL [SECONDS]
 *
 * SECONDS is what a task takes. With a large one it shows what the runner asks of the file system while nothing ends.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const [trials = '10000', parallel = '500', secondsPerTask = '5'] = process.argv.slice(2);
const runnerBin = fileURLToPath(new URL('../bin/runner.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'runner-cluster-'));

const file = (seeds: number, name: string) => `name: ${name}
description: Does a flip help?
params: { alpha: 0.25, weights: none, resolution: 28, epochs: 2 }
augmentations: { none: [], flip: [{ horizontalFlip: {} }] }
matrix: { augmentation: [none, flip] }
seeds: { count: ${seeds}, base: 1 }
data: { trainSubset: 320, validation: { holdout: 100 } }
`;
writeFileSync(join(folder, 'one.yaml'), file(1, 'one'));
writeFileSync(join(folder, 'many.yaml'), file(Math.ceil(Number(trials) / 2), 'many'));
const trained = spawnSync(process.execPath, [runnerBin, 'one.yaml', '--results-dir', 'first'], {
  cwd: folder,
});
if (trained.status !== 0) throw new Error(String(trained.stderr));
const store = join(folder, 'first/_trials');
const record = readdirSync(store).find((name) => name.endsWith('.json'))!;
const { outcome } = JSON.parse(readFileSync(join(store, record), 'utf8')) as { outcome: object };

const bin = join(folder, 'bin');
const state = join(folder, 'state');
for (const path of [bin, state]) mkdirSync(path);
const command = (name: string, script: string) =>
  writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} >> '${state}/calls'\n${script}\n`, { mode: 0o755 });
command(
  'sbatch',
  `n=$(cat '${state}/last' 2>/dev/null || echo 0); n=$((n + 1)); echo $n > '${state}/last'
for last; do :; done; echo "$last" > '${state}/job-'$n; echo $n`,
);
command('squeue', `cat '${state}/rows' 2>/dev/null`);
command('scontrol', 'echo "MaxArraySize = 1001"');
command('scancel', '');

/** One task of an array. */
interface Task {
  readonly name: string;
  readonly folder: string;
  readonly id: string;
  endsAt: number | null;
}

const tasks: Task[] = [];
const known = new Set<string>();
const put = (path: string, text: string) => {
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
};

function simulate(): void {
  for (const job of readdirSync(state).filter((name) => name.startsWith('job-') && !known.has(name))) {
    const script = readFileSync(join(state, job), 'utf8').trim();
    if (script === '') continue;
    known.add(job);
    const array = script.slice(0, -'/task.sh'.length);
    const lines = readFileSync(join(array, 'manifest.jsonl'), 'utf8').trimEnd().split('\n');
    for (const [index, line] of lines.entries())
      for (const { request } of JSON.parse(line) as { request: string }[]) {
        const { trial } = JSON.parse(request) as { trial: { id: string } };
        tasks.push({ name: `${job.slice(4)}_${index}`, folder: array, id: trial.id, endsAt: null });
      }
  }
  const now = Date.now();
  for (const task of tasks.filter(({ endsAt }) => endsAt !== null && endsAt <= now)) {
    put(join(task.folder, 'ended', `${task.id}.json`), `${JSON.stringify({ type: 'outcome', outcome })}\n`);
    tasks.splice(tasks.indexOf(task), 1);
  }
  const free = Number(parallel) - tasks.filter(({ endsAt }) => endsAt !== null).length;
  for (const task of tasks.filter(({ endsAt }) => endsAt === null).slice(0, free)) {
    task.endsAt = now + Number(secondsPerTask) * 1000;
    const start = { version: 1, at: new Date().toISOString(), host: 'node', task: task.name };
    put(join(task.folder, 'started', `${task.id}.json`), `${JSON.stringify(start)}\n`);
  }
  const rows = tasks.map(
    ({ name, endsAt }) => `${name}|${endsAt === null ? 'PENDING|Resources|' : 'RUNNING|None|node'}`,
  );
  put(join(state, 'rows'), rows.length === 0 ? '' : `${rows.join('\n')}\n`);
}

/** The program counts its calls of the file system, and writes their number once a second. */
const operations = join(folder, 'operations');
const counter = join(folder, 'counter.mjs');
writeFileSync(
  counter,
  `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
let calls = 0;
const { appendFileSync } = fs;
const count = (api, isCounted) => {
  for (const [name, call] of Object.entries(api))
    if (typeof call === 'function' && isCounted(name)) api[name] = (...args) => (calls++, call.apply(api, args));
};
count(fs.promises, () => true);
count(fs, (name) => name.endsWith('Sync'));
syncBuiltinESMExports();
const write = () => appendFileSync(${JSON.stringify(operations)}, calls + '\\n');
if (process.argv.includes('many.yaml')) setInterval(write, 1000).unref();
`,
);
const operationsSoFar = (): number[] =>
  existsSync(operations) ? readFileSync(operations, 'utf8').trimEnd().split('\n').map(Number) : [];

const started = performance.now();
const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
const child = spawn(process.execPath, [runnerBin, 'many.yaml', '--executor', 'slurm'], {
  cwd: folder,
  env: {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    NODE_OPTIONS: `--import=${counter}`,
  },
  stdio: ['ignore', 'ignore', 'pipe'],
});
let queued = 0;
let ended = 0;
let said = '';
child.stderr.setEncoding('utf8').on('data', (text: string) => {
  const lines = (said + text).split('\n');
  said = lines.pop()!;
  for (const line of lines) {
    if (line.startsWith('queued ')) queued++;
    if (/^\[\d+\//.test(line)) ended++;
  }
});
let code: number | null | undefined;
child.on('close', (end) => (code = end));
let isSubmitted = false;
let isTrained = false;
let peak = 0;
let processor = 0;
while (code === undefined) {
  simulate();
  const status = `/proc/${child.pid}/status`;
  if (existsSync(status)) {
    peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? peak);
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    processor = (Number(stat[11]) + Number(stat[12])) / 100;
  }
  const at = `${seconds()} s, ${processor.toFixed(1)} s of processor time, ${Math.round(peak / 1024)} MB`;
  if (!isSubmitted && queued >= Number(trials)) {
    isSubmitted = true;
    console.log(`submitted ${queued}: ${at}`);
  }
  if (!isTrained && ended >= Number(trials)) {
    isTrained = true;
    console.log(`collected ${ended}: ${at}`);
  }
  await sleep(200);
}
console.log(
  `ended with ${code}: ${seconds()} s, ${processor.toFixed(1)} s of processor time, ${Math.round(peak / 1024)} MB`,
);
const totals = operationsSoFar();
console.log(`file operations: ${totals.at(-1) ?? 0}`);
const quiet = totals.map((total, second) => total - (totals[second - 1] ?? 0)).sort((a, b) => a - b);
console.log(`file operations in a second: median ${quiet[Math.floor(quiet.length / 2)] ?? 0}`);
const calls = readFileSync(join(state, 'calls'), 'utf8').trimEnd().split('\n');
for (const name of new Set(calls))
  console.log(`${name}: ${calls.filter((call) => call === name).length} calls`);
