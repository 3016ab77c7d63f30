import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Work } from './work.js';

/** A program that follows the protocol of step-process.ts. */
export interface StepProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

interface StepTimes {
  readonly stepMilliseconds: readonly number[];
  readonly peakBytes: number;
}

export interface StepMeasurement {
  /** The same in all processes, which run one program. */
  readonly work: Work;
  /** Median over the steps of all processes. */
  readonly stepMilliseconds: number;
  /** Of all processes together. */
  readonly stepsPerSecond: number;
  /** Of the process that took most. */
  readonly peakBytes: number;
}

/** Runs `processes` copies at once: all warm up, then all step for the same seconds. */
export async function measureSteps(
  program: StepProgram,
  processes: number,
  seconds: number,
): Promise<StepMeasurement> {
  const running = Array.from({ length: processes }, () => startProgram(program));
  try {
    const [work] = await Promise.all(running.map((process) => process.work));
    for (const { start } of running) start(seconds);
    const times = await Promise.all(running.map(({ result }) => result));
    return {
      work: work!,
      stepMilliseconds: median(times.flatMap(({ stepMilliseconds }) => stepMilliseconds)),
      stepsPerSecond: times.reduce((sum, { stepMilliseconds }) => sum + rate(stepMilliseconds), 0),
      peakBytes: Math.max(...times.map(({ peakBytes }) => peakBytes)),
    };
  } finally {
    for (const { stop } of running) stop();
  }
}

/** What a program says of its work, without a measurement. */
export async function readWork(program: StepProgram): Promise<Work> {
  const { work, stop } = startProgram(program);
  try {
    return await work;
  } finally {
    stop();
  }
}

function rate(stepMilliseconds: readonly number[]): number {
  return (1000 * stepMilliseconds.length) / stepMilliseconds.reduce((a, b) => a + b, 0);
}

function startProgram({ command, args, environment }: StepProgram) {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const next = await lines.next();
    if (!next.done) return next.value;
    await once(child, 'close');
    throw new Error(`${command} ${args.join(' ')} ended early:\n${errors}`);
  };
  const work = nextLine().then((line) => JSON.parse(line) as Work);
  const result = work.then(async () => JSON.parse(await nextLine()) as StepTimes);
  result.catch(() => {}); // `work` fails first, and is waited for first
  return {
    work,
    start: (seconds: number) => child.stdin.write(`${seconds}\n`),
    result,
    stop: () => child.kill('SIGKILL'),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!;
}
