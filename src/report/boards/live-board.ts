import type { Trial } from '../../plan/plan.js';
import type { RunEvent } from '../../run/run-plan.js';
import type { TrialProgress } from '../../trial/trial-protocol.js';
import { describeOutcome } from '../text/describe-outcome.js';
import {
  describeDrop,
  describeElsewhere,
  describeNarrowing,
  describeRetry,
  describeReuse,
  describeStop,
  type Board,
} from './board.js';
import { totalsLine, type RunningTrial } from './board-lines.js';
import { drawLive, liveFrame, onOneLine } from './live-frame.js';
import { markWidth, type Line, type Mark } from './live-renderer.js';
import { Totals } from './totals.js';

/**
 * A live board by listr2: what has ended scrolls up above the bar of all trials and a bar for each that runs. It is
 * closed also where the process ends without `close`.
 */
export function openLiveBoard(trials: number, concurrency: number): Board {
  const totals = new Totals(trials, concurrency);
  const running: (RunningTrial | undefined)[] = [];
  let said: Line[] = [];
  const say = (mark: Mark, text: string) => void said.push({ mark, text: onOneLine(text) });
  const set = (slot: number, trial: Trial, state: Partial<RunningTrial>) => {
    running[slot] = {
      label: onOneLine(trial.label),
      epochs: trial.params.epochs,
      progress: null,
      state: '',
      ...state,
    };
  };

  const source = {
    takeSaid() {
      const lines = said;
      said = [];
      return lines;
    },
    frame(columns: number, rows: number): Line[] {
      const current = running.filter((trial) => trial !== undefined);
      return liveFrame(totals, current, columns, rows);
    },
    lastLine(columns: number): Line {
      for (const trial of running) if (trial) say('interrupted', `${trial.label}: interrupted`);
      running.length = 0;
      return { mark: endMark(totals), text: totalsLine(totals, [], columns - markWidth) };
    },
  };

  const close = drawLive(source);

  return {
    show(event) {
      switch (event.type) {
        case 'started':
          return set(event.slot, event.trial, { state: 'starting' });
        case 'queued':
          return set(event.slot, event.trial, { state: `in the queue, job ${event.job}` });
        case 'progress':
          return set(event.slot, event.trial, { progress: sinceLast(event, running[event.slot]) });
        case 'epoch':
          return;
        case 'ended':
          totals.count(event.outcome);
          running[event.slot] = undefined;
          return say(event.outcome.status, describeOutcome(event.trial, event.outcome));
        case 'retried':
          say('failed', describeRetry(event));
          return set(event.slot, event.trial, { state: `started again, number ${event.retry}` });
        case 'narrowed':
          running[event.slot] = undefined;
          return say('failed', describeNarrowing(event));
        case 'elsewhere':
          return say('none', describeElsewhere(event));
        case 'reused':
          totals.count(event.outcome);
          return say(event.outcome.status, describeReuse(event));
        case 'interrupted':
          running[event.slot] = undefined;
          return say('interrupted', `${event.trial.label}: interrupted`);
        case 'dropped':
          running[event.slot] = undefined;
          return say('none', describeDrop(event));
        case 'planned':
          return totals.plan(event);
        case 'stopped':
          return say('interrupted', describeStop(event));
      }
    },
    close,
  };
}

/** Until an epoch's first reading, loss and accuracy are those of the epoch before. */
function sinceLast(
  { progress }: Extract<RunEvent, { type: 'progress' }>,
  before: RunningTrial | undefined,
): TrialProgress {
  return {
    ...progress,
    loss: progress.loss ?? before?.progress?.loss ?? null,
    accuracy: progress.accuracy ?? before?.progress?.accuracy ?? null,
  };
}

function endMark({ ended, trials, failed, diverged }: Totals): Mark {
  if (ended < trials) return 'interrupted';
  if (failed > 0) return 'failed';
  return diverged > 0 ? 'diverged' : 'completed';
}
