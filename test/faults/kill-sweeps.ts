import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { unsafeUniformIntDistribution, xoroshiro128plus } from 'pure-rand';
import { readJournal } from '../../src/run/journal.js';
import { TrialStore } from '../../src/run/trial-store.js';
import {
  completions,
  experiment,
  figures,
  kill,
  newFolder,
  outputs,
  readResult,
  runner,
  RunningRunner,
} from '../command-line.js';

/** Eight trials of three epochs, some four seconds in all; a checkpoint an epoch. */
const sweep = experiment({
  params: '{ alpha: 0.25, weights: none, resolution: 28, epochs: 3 }',
  seeds: '[2017, 2018, 2019, 2020]',
  compare: '{ baseline: { augmentation: none } }',
});
const trials = 8;

const signals = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** A whole number from 0, below the one given. */
type Choose = (below: number) => number;

interface Fault {
  readonly name: string;
  /** False where there was nobody to kill: it does not count. */
  readonly inflict: (run: RunningRunner, choose: Choose) => boolean;
}

/** Each to be expected of a user, a terminal, a scheduler or the system. */
const faults: readonly Fault[] = [
  ...signals.map((signal) => ({
    name: `${signal} to the runner`,
    inflict: (run: RunningRunner) => run.kill(signal),
  })),
  ...signals.map((signal) => ({
    name: `${signal} to a trial's process`,
    inflict: (run: RunningRunner, choose: Choose) => {
      const children = run.trialProcesses();
      return children.length > 0 && kill(children[choose(children.length)]!, signal);
    },
  })),
  {
    name: 'SIGINT to the runner, twice',
    inflict: (run) => run.kill('SIGINT') && run.kill('SIGINT'),
  },
  {
    name: 'SIGINT to the whole group, as Ctrl-C',
    inflict: (run) => run.killGroup('SIGINT'),
  },
];

export interface KillReport {
  readonly kills: number;
  /** Sweeps that came to their end in spite of them. */
  readonly sweeps: number;
  /** Starts of the program that this took. */
  readonly starts: number;
  /** Trials whose numbers come from training that went on from a checkpoint. */
  readonly resumed: number;
  readonly faults: Readonly<Record<string, number>>;
}

/**
 * Runs a sweep again and again and kills it at random moments, until so many faults were inflicted and the last sweep is
 * complete. Throws at the first thing that was promised and does not hold.
 * @param seed decides the faults and their moments; what the program is doing then, the machine decides
 */
export async function killSweeps(
  kills: number,
  seed: number,
  say: (line: string) => void = () => {},
): Promise<KillReport> {
  const generator = xoroshiro128plus(seed);
  const choose = (below: number) => unsafeUniformIntDistribution(0, below - 1, generator);
  const folder = await newFolder(sweep);
  const undisturbed = await runner(folder, ['tiny.yaml', '--results-dir', 'undisturbed']);
  demand(undisturbed.code === 0, 'the undisturbed sweep completes', undisturbed.stderr);
  const wanted = await figures(folder, 'undisturbed');

  const counts: Record<string, number> = {};
  let [inflicted, sweeps, starts, resumed] = [0, 0, 0, 0];
  while (inflicted < kills) {
    await rm(join(folder, 'results'), { recursive: true, force: true });
    for (let complete = false; !complete;) {
      const before = await finishedTrials(folder);
      const run = new RunningRunner(folder, ['tiny.yaml']);
      starts++;
      let ended = false;
      void run.result.then(() => (ended = true));
      // At a moment of the four seconds that a whole sweep takes; what only hits a trial is followed by another.
      const struck: string[] = [];
      while (inflicted < kills) {
        await Promise.race([sleep(choose(4000)), run.result]);
        if (ended) break;
        const fault = faults[choose(faults.length)]!;
        if (!fault.inflict(run, choose)) continue;
        inflicted++;
        struck.push(fault.name);
        counts[fault.name] = (counts[fault.name] ?? 0) + 1;
        if (fault.name.includes('runner') || fault.name.includes('group')) break;
      }
      const { code, signal, stderr } = await run.result;
      demand([0, 1, 130, null].includes(code), 'it ends as one that was killed does', stderr);
      const story = [...struck, `code ${code}, signal ${signal}`, stderr].join('\n');
      await checkAfter(folder, before, story);
      complete = code === 0;
      say(`${inflicted}/${kills} ${struck.join(', ') || 'nothing'}: ${code ?? signal}`);
    }
    sweeps++;
    await checkComplete(folder, wanted);
    resumed += countResumed(folder);
  }
  await rm(folder, { recursive: true });
  return { kills: inflicted, sweeps, starts, resumed, faults: counts };
}

/** What must hold after each end, whatever brought it about. */
async function checkAfter(folder: string, before: ReadonlySet<string>, story: string): Promise<void> {
  await checkNoOrphans(folder, story);
  demand(!story.includes('internal error'), 'an end is never an internal error', story);
  const finished = await finishedTrials(folder);
  const shown = [...story.matchAll(/\] completed (.*?): val accuracy/g)].map(([, label]) => label!);
  for (const label of [...before, ...shown]) demand(finished.has(label), `${label} is kept`, story);
  const left = /trials, (\d+) to run,/.exec(story)?.[1];
  demand(
    left === undefined || Number(left) === trials - before.size,
    'only what was not finished runs',
    story,
  );
  const restarted = [...story.matchAll(/^started (.*)$/gm)].filter(([, label]) => before.has(label!));
  demand(restarted.length === 0, 'no finished trial is started again', story);

  const path = join(folder, 'results', 'tiny', 'journal.jsonl');
  const { warnings } = await readJournal(path);
  demand(
    warnings.every((line) => /torn and was passed over$|kept the outcomes of \d trials$/.test(line)),
    'a torn last line is all the damage',
    [...warnings, story].join('\n'),
  );
  const completed = await completions(folder);
  demand(new Set(completed).size === completed.length, 'no trial is completed twice', story);
}

/** What must hold once the sweep has come to its end. */
async function checkComplete(folder: string, wanted: readonly string[][]): Promise<void> {
  const found = await figures(folder);
  demand(isDeepStrictEqual(found, wanted), 'the CSVs equal those of the undisturbed sweep', found.join('\n'));
  const read = () => Promise.all(outputs.map((file) => readResult(folder, file)));
  const before = await read();
  await runner(folder, ['report', 'tiny.yaml']);
  demand(isDeepStrictEqual(await read(), before), 'report rebuilds every output to the letter', '');
  // A claim that was being made, or given back, has a dot in its name. It is nobody's, and gc removes it an hour later.
  const left = readdirSync(join(folder, 'results', '_trials', 'claims')).filter(
    (name) => !name.includes('.'),
  );
  demand(left.length === 0, 'no claim is left', left.join('\n'));
}

/** Labels of the trials whose numbers are on the disk: in the journal, or in the store just before. */
async function finishedTrials(folder: string): Promise<Set<string>> {
  const { records } = await readJournal(join(folder, 'results', 'tiny', 'journal.jsonl'));
  const store = new TrialStore(join(folder, 'results'));
  const stored = await store.readAll(await store.ids());
  const all = [...records.values(), ...stored.values()];
  return new Set(all.filter(({ outcome }) => outcome.status === 'completed').map(({ trial }) => trial.label));
}

/** A log is written again each time that its trial is begun. */
function countResumed(folder: string): number {
  const logs = join(folder, 'results', 'tiny', 'logs');
  return readdirSync(logs).filter((log) =>
    readFileSync(join(logs, log), 'utf8').includes('goes on after epoch'),
  ).length;
}

/** A trial's process notices within a step that its parent is gone. */
async function checkNoOrphans(folder: string, story: string): Promise<void> {
  for (let wait = 0; wait < 100; wait++) {
    if (processesIn(folder).length === 0) return;
    await sleep(50);
  }
  demand(false, `no process is left (${processesIn(folder).join(', ')})`, story);
}

function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false; // gone this moment, or another user's
    }
  });
}

function demand(holds: boolean, promise: string, story: string): void {
  if (!holds) throw new Error(`It does not hold that ${promise}.\n${story}`);
}
