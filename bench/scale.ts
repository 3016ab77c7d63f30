/**
 * What plans of many trials cost: `runner plan`; `runner` where one trial is left, until it says that it starts it; and
 * `runner` where all are finished, until it has written every output. Seconds and peak memory, median of five.
 *
 *     npx tsx bench/scale.ts
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArguments } from '../src/commands/arguments.js';
import { loadPlan } from '../src/commands/load-plan.js';
import { encodeRecord, type JournalRecord } from '../src/run/journal-record.js';
import type { TrialOutcome } from '../src/trial/outcome.js';
import { median } from './measure-steps.js';

const runner = fileURLToPath(new URL('../bin/runner.js', import.meta.url));
const repetitions = 5;
const reportPeak =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS))';

/** A synthetic outcome of ten epochs: only its size and its variety matter here. */
function outcomeOf(index: number): TrialOutcome {
  const epochs = Array.from({ length: 10 }, (_, epoch) => ({
    epoch: epoch + 1,
    trainLoss: 1 / (epoch + 1 + index / 1e4),
    trainAccuracy: 1 - 1 / (epoch + 2 + index / 1e4),
    valLoss: 1.1 / (epoch + 1 + index / 1e4),
    valAccuracy: 1 - 1.1 / (epoch + 2 + index / 1e4),
    seconds: 7.25 + (index % 13) / 10,
  }));
  const measured = {
    epochs,
    parameters: 221_114,
    trainSeconds: 80,
    peakBytes: 5e8,
    engine: 'tensorflow-cpu',
  };
  return { ...measured, status: 'completed' };
}

async function measure(args: readonly string[]): Promise<{ seconds: number; megabytes: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', reportPeak, runner, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number];
  const peak = /peak (\d+)$/.exec(errors)?.[1];
  if (code !== 0 || peak === undefined) throw new Error(`runner ${args.join(' ')}\n${errors}`);
  return { seconds: (performance.now() - started) / 1000, megabytes: (Number(peak) * 1024) / 1e6 };
}

async function medianOf(args: readonly string[]): Promise<string> {
  const measured = [];
  for (let i = 0; i < repetitions; i++) measured.push(await measure(args));
  const seconds = median(measured.map((one) => one.seconds)).toFixed(2);
  return `${seconds} s, ${median(measured.map((one) => one.megabytes)).toFixed(0)} MB`;
}

/** Seconds until a run says what it is about to train. */
async function secondsToStart(args: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [runner, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  for await (const text of child.stderr.setEncoding('utf8') as AsyncIterable<string>) {
    said += text;
    if (!said.includes(' to run, ')) continue;
    const seconds = (performance.now() - started) / 1000;
    child.kill('SIGKILL');
    return seconds;
  }
  throw new Error(`runner ${args.join(' ')} did not start:\n${said}`);
}

const folder = await mkdtemp(join(tmpdir(), 'runner-scale-'));
try {
  console.log('| trials | plan | start with one left | whole run with none left |\n|---|---|---|---|');
  for (const seeds of [1, 6, 12, 25, 50]) {
    const name = `scale-${seeds}`;
    const file = join(folder, `${name}.yaml`);
    const list = (count: number, of: (index: number) => number) =>
      `[${Array.from({ length: count }, (_, index) => of(index)).join(', ')}]`;
    await writeFile(
      file,
      `name: ${name}
matrix:
  dropout: ${list(20, (index) => index / 100)}
  resolution: ${list(5, (index) => 28 + 4 * index)}
  optimizer.learningRate: ${list(4, (index) => 1e-3 / (index + 1))}
seeds: ${list(seeds, (index) => 2017 + index)}
params: { alpha: 0.25, weights: none }
compare: { baseline: { dropout: 0 } }
`,
    );
    const args = [file, '--results-dir', join(folder, 'results')];
    const plan = await loadPlan(file, parseArguments(args));
    const records = plan.trials.map((trial, index): JournalRecord => {
      const at = new Date(1.7e12 + index * 1e5).toISOString();
      return { version: 2, type: 'outcome', at, experiment: name, trial, outcome: outcomeOf(index) };
    });
    const results = join(folder, 'results', name);
    await mkdir(results, { recursive: true });
    const planCost = await medianOf(['plan', ...args]);
    const writeJournal = (content: readonly JournalRecord[]) =>
      writeFile(
        join(results, 'journal.jsonl'),
        content.map((record) => `${encodeRecord(record)}\n`).join(''),
      );
    const starts: number[] = [];
    for (let i = 0; i < repetitions; i++) {
      await writeJournal(records.slice(0, -1));
      starts.push(await secondsToStart(args));
    }
    await writeJournal(records);
    const whole = await medianOf(args);
    console.log(`| ${plan.trials.length} | ${planCost} | ${median(starts).toFixed(2)} s | ${whole} |`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
