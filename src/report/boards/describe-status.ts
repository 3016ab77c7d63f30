import { count } from '../../diagnostics/count.js';
import { describeOutcome } from '../text/describe-outcome.js';
import { totalsLine, trialLines } from './board-lines.js';
import { onOneLine } from './live-frame.js';
import { toClusterTrial, totalsOf, toRunningTrial, type SweepStatus } from './sweep-status.js';
import type { ClaimedTrial } from '../../run/claimed-trials.js';

/** More lines than this hide the board; `--json` has them all. */
const maximumLines = 20;

/**
 * The board of a sweep at one moment, then sentences: who trains now, what is left, and each trial without a result.
 * Without a newline at the end.
 * @param file for the next command, as the user wrote it
 */
export function describeStatus(status: SweepStatus, file: string, width: number): string {
  const running = status.running.map(toRunningTrial);
  const inCluster = status.submitted.filter(({ host }) => host !== null).map(toClusterTrial);
  const totals = totalsOf(status);
  const left = running.length === 0 ? null : undefined; // where nothing trains, no time is foretold
  return [
    totalsLine(totals, running, width, left),
    ...shorten(
      [...running, ...inCluster].flatMap((trial) => trialLines(trial, width - 2).map((line) => `  ${line}`)),
    ),
    '',
    ...describeState(status, file),
    ...describeMisses(status),
  ].join('\n');
}

/** What is going on, in sentences; also what a watch ends with. */
export function describeState(status: SweepStatus, file: string): string[] {
  const { running, submitted, abandoned, left, ended, ifUndecided } = status;
  const gone = shorten(abandoned.map(describeAbandoned));
  const more = ifUndecided > 0 ? `, and at most ${ifUndecided} more if no verdict comes before` : '';
  if (running.length > 0) {
    const remaining = left.length === 0 ? 'none is' : `${left.length} ${left.length === 1 ? 'is' : 'are'}`;
    return [
      ...gone,
      `${count(running.length, 'trial')} ${running.length === 1 ? 'trains' : 'train'} now, by ${describeOwners(running)}; ${remaining} left${more}.`,
    ];
  }
  if (submitted.length > 0) {
    const onNodes = submitted.filter(({ host }) => host !== null).length;
    const reasons = new Set(submitted.flatMap(({ stuckBy }) => stuckBy ?? []));
    return [
      ...gone,
      `The cluster has ${count(submitted.length, 'trial')}: ${onNodes} begun, ${submitted.length - onNodes} in its queue. No process follows them. ${count(ended.length, 'trial')} ended, ${left.length} ${left.length === 1 ? 'is' : 'are'} left${more}.`,
      ...[...reasons].map(
        (reason) => `Slurm lets trials wait because of ${reason}, which does not pass by itself.`,
      ),
      `next: runner ${file} --executor slurm (or --machine NAME), or runner cancel ${file}`,
    ];
  }
  if (left.length === 0)
    return [...gone, `Nothing trains now: ${count(ended.length, 'trial')} ended, none is left${more}.`];
  return [
    ...gone,
    `Nothing trains now: ${count(ended.length, 'trial')} ended, ${left.length} ${left.length === 1 ? 'is' : 'are'} left${more}.`,
    `next: runner ${file}`,
  ];
}

/** Each trial that failed or diverged, with its cause and log. */
function describeMisses({ ended, outcomes }: SweepStatus): string[] {
  const lines = ended.flatMap((trial) => {
    const outcome = outcomes.get(trial.id)!;
    return outcome.status === 'completed' ? [] : [onOneLine(describeOutcome(trial, outcome))];
  });
  return lines.length === 0 ? [] : ['', ...shorten(lines)];
}

function describeAbandoned(claimed: ClaimedTrial): string {
  const { trial, claim, record } = claimed;
  const epoch = record?.progress ? ` in epoch ${record.progress.epoch}/${trial.params.epochs}` : '';
  const why = claim.isHere ? 'is gone' : 'on another host has shown no life for a minute';
  return `${onOneLine(trial.label)} was begun${epoch}, but its process ${claim.owner.pid} ${why}.`;
}

function describeOwners(running: readonly ClaimedTrial[]): string {
  const names = running.map(
    ({ claim }) => `process ${claim.owner.pid}${claim.isHere ? '' : ' on another host'}`,
  );
  return [...new Set(names)].join(', ');
}

function shorten(lines: readonly string[]): string[] {
  const hidden = lines.length - maximumLines;
  return hidden <= 0
    ? [...lines]
    : [...lines.slice(0, maximumLines), `… and ${hidden} more (all of them with --json)`];
}
