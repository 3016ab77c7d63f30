import { Listr } from 'listr2';
import { printable } from '../../diagnostics/code-frame.js';
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
import { totalsLine, trialLines, type RunningTrial } from './board-lines.js';
import { LiveRenderer, markWidth, type Line, type Mark } from './live-renderer.js';
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
      const width = columns - markWidth;
      const current = running.filter((trial) => trial !== undefined);
      const lines: Line[] = [{ mark: 'running', text: totalsLine(totals, current, width) }];
      for (const [index, trial] of current.entries()) {
        const texts = trialLines(trial, width);
        const isLast = index === current.length - 1;
        if (lines.length + texts.length + (isLast ? 0 : 1) > rows) {
          lines.push({ mark: 'none', text: `${current.length - index} more running` });
          break;
        }
        lines.push(...texts.map((text): Line => ({ mark: 'none', text })));
      }
      return lines;
    },
    lastLine(columns: number): Line {
      for (const trial of running) if (trial) say('interrupted', `${trial.label}: interrupted`);
      running.length = 0;
      return { mark: endMark(totals), text: totalsLine(totals, [], columns - markWidth) };
    },
  };

  let finish!: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const listr = new Listr<unknown, typeof LiveRenderer>([{ task: () => finished }], {
    renderer: LiveRenderer,
    rendererOptions: { source },
    registerSignalListeners: false,
  });
  const drawn = listr.run();

  return {
    show(event) {
      switch (event.type) {
        case 'started':
          return set(event.slot, event.trial, { state: 'starting' });
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
    async close() {
      finish();
      await drawn;
    },
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

/** Names and causes may hold what moves the cursor. */
const onOneLine = (text: string): string => printable(text.replace(/\s+/g, ' '));
