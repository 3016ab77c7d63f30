import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../plan/plan.js';
import type { TrialStates } from '../plan/trial-state.js';
import { chooseBoard } from '../report/boards/choose-board.js';
import { describeState, describeStatus } from '../report/boards/describe-status.js';
import { openLiveStatusBoard, openPlainStatusBoard } from '../report/boards/status-board.js';
import { statusToJson } from '../report/boards/status-to-json.js';
import { sweepStatus, type SweepStatus } from '../report/boards/sweep-status.js';
import { neededTrials } from '../report/statistics/needed-trials.js';
import { readClaimed, type ClaimedTrial } from '../run/claimed-trials.js';
import type { Known, ResultsFolder } from '../run/results-folder.js';
import { ClusterQueue } from '../run/slurm/cluster-queue.js';
import { readSubmitted, type SubmittedTrial } from '../run/slurm/read-submitted.js';
import { trialStates } from '../run/trial-states.js';
import { whenAskedToEnd } from '../system/signals.js';
import type { Arguments } from './arguments.js';
import { loadPlan } from './load-plan.js';
import { openResults } from './open-results.js';

const between = 500; // milliseconds between two looks at least
const shareOfTime = 0.1; // of a watch, for looking: a large journal takes a second to be read
const widthElsewhere = 100; // characters of a line where there is no terminal

/** Shows where a sweep is, also one that another process runs or ran. Writes nothing and takes no claim. */
export async function status(args: Arguments): Promise<number> {
  const file = args.files[0]!;
  const plan = await loadPlan(file, args);
  const results = openResults(plan, args);
  const look = lookingAt(plan, results, new ClusterQueue(args.watch ? 2 : 1));
  const first = await look();
  const print = (lines: string) => void process.stdout.write(`${lines}\n`);
  if (args.json) print(JSON.stringify(statusToJson(first, results.directory), null, 2));
  else if (!args.watch) print(describeStatus(first, file, process.stdout.columns || widthElsewhere));
  else await watch(first, look, file, print);
  return 0;
}

/** Looks again while something trains. Ctrl-C ends it, and nothing else. */
async function watch(
  first: SweepStatus,
  look: () => Promise<SweepStatus>,
  file: string,
  print: (lines: string) => void,
): Promise<void> {
  const isLive = chooseBoard(process.stdout, process.stderr, process.env) === 'live';
  if (!isLive || !goesOn(first)) print(describeStatus(first, file, process.stdout.columns || widthElsewhere));
  if (!goesOn(first)) return;
  const leaving = new AbortController();
  whenAskedToEnd(() => (leaving.signal.aborted ? process.exit(130) : leaving.abort()));
  const board = isLive ? openLiveStatusBoard(first) : openPlainStatusBoard(first, print);
  let last = first;
  let pause = between;
  try {
    while (goesOn(last) && !leaving.signal.aborted) {
      await sleep(pause, undefined, { signal: leaving.signal }).catch(() => {});
      const started = performance.now();
      last = await look();
      pause = Math.max(between, (performance.now() - started) * (1 / shareOfTime - 1));
      board.show(last);
    }
  } finally {
    await board.close();
  }
  print(describeState(last, file).join('\n'));
}

const goesOn = ({ running, submitted }: SweepStatus): boolean => running.length > 0 || submitted.length > 0;

/** Reads again only what has changed. Between two trials of one slot nothing is claimed: that is looked at twice. */
function lookingAt(plan: Plan, results: ResultsFolder, queue: ClusterQueue): () => Promise<SweepStatus> {
  let known: Known | null = null;
  let states: TrialStates = new Map();
  let claimed: readonly ClaimedTrial[] = [];
  let submitted: readonly SubmittedTrial[] = [];
  /** What a cluster has and no living process follows. */
  const readUnfollowed = async () => {
    const followed = new Set(claimed.flatMap(({ trial, claim }) => (claim.isAlive ? [trial.id] : [])));
    return (await readSubmitted(results.directory, plan.trials)).filter(
      ({ trial }) => !followed.has(trial.id),
    );
  };
  const lookOnce = async () => {
    const before = [...claimed, ...submitted];
    claimed = await readClaimed(results.store, plan.trials); // before the outcomes: what ends meanwhile has ended
    submitted = await readUnfollowed();
    if (await queue.look(submitted)) submitted = await readUnfollowed(); // what ended before Slurm answered has written so
    submitted = queue.narrow(submitted);
    const ids = new Set([...claimed, ...submitted].map(({ trial }) => trial.id));
    const hasEnded = before.some(({ trial }) => !ids.has(trial.id)); // in another's run, or on a node: only the store has it
    if (known === null || hasEnded || (await results.hasChangedSince(known))) {
      known = await results.read(plan);
      const { needed, ifUndecided } = neededTrials(plan, known.outcomes);
      states = trialStates(plan, known.outcomes, needed, ifUndecided.flat());
    }
    return sweepStatus(plan, known.outcomes, states, claimed, submitted);
  };
  return async () => {
    const status = await lookOnce();
    if (goesOn(status) || status.left.length === 0) return status;
    await sleep(between);
    return lookOnce();
  };
}
