import type { ClaimedTrial } from '../../run/claimed-trials.js';
import { describeOutcome } from '../text/describe-outcome.js';
import { totalsLine } from './board-lines.js';
import { describeEpoch } from './board.js';
import { drawLive, liveFrame, onOneLine } from './live-frame.js';
import { markWidth, type Line, type Mark } from './live-renderer.js';
import { toClusterTrial, totalsOf, toRunningTrial, type SweepStatus } from './sweep-status.js';
import type { RunningTrial } from './board-lines.js';

/** Shows a sweep that goes on elsewhere, look by look. */
export interface StatusBoard {
  show(status: SweepStatus): void;
  /** Leaves the screen as it is and stops drawing. */
  close(): Promise<void>;
}

/** The run's own board, but for its end: whoever stops watching interrupts nothing. */
export function openLiveStatusBoard(first: SweepStatus): StatusBoard {
  let last = first;
  let totals = totalsOf(first); // once a look: it is drawn ten times a second
  let running = linesOf(first);
  let said: Line[] = [];
  const close = drawLive({
    takeSaid() {
      const lines = said;
      said = [];
      return lines;
    },
    frame: (columns, rows) => liveFrame(totals, running, columns, rows),
    lastLine: (columns) => ({
      mark: running.length > 0 ? 'running' : 'none',
      text: totalsLine(totals, running, columns - markWidth),
    }),
  });
  return {
    show(status) {
      for (const { type, mark, text } of changesBetween(last, status))
        if (type === 'ended' || type === 'gone') said.push({ mark, text: onOneLine(text) });
      last = status;
      totals = totalsOf(status);
      running = linesOf(status);
    },
    close,
  };
}

/** What processes train, then what a cluster trains that no process follows. */
const linesOf = ({ running, submitted }: SweepStatus): RunningTrial[] => [
  ...running.map(toRunningTrial),
  ...submitted.filter(({ host }) => host !== null).map(toClusterTrial),
];

/** Plain lines: one when a trial starts, ends an epoch, and ends. An epoch that is over between two looks has none. */
export function openPlainStatusBoard(first: SweepStatus, write: (line: string) => void): StatusBoard {
  let last = first;
  return {
    show(status) {
      const totals = totalsOf(status).describe();
      for (const { type, mark, text } of changesBetween(last, status))
        write(type === 'ended' ? `[${totals}] ${mark} ${text}` : text);
      last = status;
    },
    close: () => Promise.resolve(),
  };
}

interface Change {
  readonly type: 'started' | 'epoch' | 'ended' | 'gone';
  readonly mark: Mark;
  readonly text: string;
}

/** What has happened between two looks. */
export function changesBetween(before: SweepStatus, after: SweepStatus): Change[] {
  const changes: Change[] = [];
  const say = (type: Change['type'], mark: Mark, text: string) => void changes.push({ type, mark, text });
  const ran = byId(before.running);
  const runs = byId(after.running);
  const endedBefore = new Set(before.ended.map(({ id }) => id));
  for (const trial of after.ended) {
    if (endedBefore.has(trial.id)) continue;
    const outcome = after.outcomes.get(trial.id)!;
    say('ended', outcome.status, describeOutcome(trial, outcome));
  }
  const ended = new Set(after.ended.map(({ id }) => id));
  const inCluster = new Set(after.submitted.map(({ trial }) => trial.id));
  for (const { trial } of [...before.running, ...before.submitted]) {
    if (runs.has(trial.id) || inCluster.has(trial.id) || ended.has(trial.id)) continue;
    if (after.states.get(trial.id) === 'not-needed')
      say('gone', 'none', `${trial.label}: not needed any more`);
    else say('gone', 'interrupted', `${trial.label}: interrupted`);
  }
  for (const { trial, record } of after.running) {
    const earlier = ran.get(trial.id);
    const isNew = earlier?.record?.startedAt !== record?.startedAt || !earlier;
    if (isNew) say('started', 'running', `started ${trial.label}`);
    const epoch = record?.lastEpoch;
    const isOld = !isNew && epoch?.epoch === earlier.record?.lastEpoch?.epoch;
    if (epoch && !isOld) say('epoch', 'running', describeEpoch(trial, epoch));
  }
  const begun = new Set(before.submitted.flatMap(({ trial, host }) => (host === null ? [] : [trial.id])));
  for (const { trial, host, job } of after.submitted)
    if (host !== null && !begun.has(trial.id) && !ran.has(trial.id))
      say('started', 'running', `started ${trial.label} on ${host}, job ${job}`);
  return changes;
}

const byId = (claimed: readonly ClaimedTrial[]) => new Map(claimed.map((one) => [one.trial.id, one]));
