import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface Finding {
  /** The number of the input, for `Inputs.at`. */
  readonly index: number;
  /** What went wrong, for people. */
  readonly finding: string;
}

export interface FuzzReport {
  readonly findings: readonly Finding[];
  readonly slowest: { readonly milliseconds: number; readonly index: number } | null;
  readonly peakMegabytes: number;
}

const program = fileURLToPath(new URL('fuzz-process.ts', import.meta.url));
// Not the project's: its path for csv-writer's declarations is none for programs.
const tsconfig = fileURLToPath(new URL('tsx.json', import.meta.url));
const heapMegabytes = 1000;
const hangSeconds = 20; // a megabyte of YAML takes 4 s, a plan of 100,000 trials 3 s
const maximumFindings = 10;

/**
 * Gives a target the inputs up to number `runs`, in processes of their own with little memory. An input that is not
 * answered in 20 s, or ends its process, is a finding; the next process goes on behind it.
 */
export async function fuzz(
  target: string,
  { seed, runs }: { seed: number; runs: number },
): Promise<FuzzReport> {
  const findings: Finding[] = [];
  let slowest: FuzzReport['slowest'] = null;
  let peakMegabytes = 0;
  for (let first = 0; first < runs && findings.length < maximumFindings;) {
    const { lines, died } = await runProcess(target, seed, first, runs);
    for (const line of lines) {
      const message = JSON.parse(line) as
        Finding | { slowest: NonNullable<FuzzReport['slowest']>; maxRSS: number };
      if ('finding' in message) findings.push(message);
      else {
        slowest = message.slowest;
        peakMegabytes = Math.round(message.maxRSS / 1000);
      }
    }
    if (!died) break;
    if (findings.at(-1)?.index !== died.index) findings.push(died);
    first = died.index + 1;
  }
  return { findings, slowest, peakMegabytes };
}

async function runProcess(
  target: string,
  seed: number,
  first: number,
  last: number,
): Promise<{ lines: string[]; died: Finding | null }> {
  const folder = await mkdtemp(join(tmpdir(), 'runner-fuzz-'));
  const readBeat = () => readFile(join(folder, 'beat'), 'utf8').catch(() => '');
  const args = [`--max-old-space-size=${heapMegabytes}`, '--import', 'tsx', program];
  const child = spawn(
    process.execPath,
    [...args, target, String(seed), String(first), String(last), folder],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig },
    },
  );
  let beat = '';
  let since = performance.now();
  const watch = setInterval(() => {
    void readBeat().then((now) => {
      if (now !== beat) [beat, since] = [now, performance.now()];
      else if (performance.now() - since > hangSeconds * 1000) child.kill('SIGKILL');
    });
  }, 500);
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  const [output, errors, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  clearInterval(watch);
  const index = Number((await readBeat()) || first);
  await rm(folder, { recursive: true, force: true });
  const why =
    signal === 'SIGKILL' ? `no answer in ${hangSeconds} s` : `the process ended with ${signal ?? code}`;
  return {
    lines: output.split('\n').filter((line) => line !== ''),
    died: code === 0 ? null : { index, finding: `${why}\n${errors.slice(0, 3000)}` },
  };
}
