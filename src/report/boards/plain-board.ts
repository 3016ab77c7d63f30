import { describeOutcome } from '../text/describe-outcome.js';
import {
  describeDrop,
  describeElsewhere,
  describeEpoch,
  describeNarrowing,
  describeQueued,
  describeRetry,
  describeReuse,
  describeStop,
  type Board,
} from './board.js';
import { Totals } from './totals.js';

/** Plain lines: one when a trial starts, ends an epoch, and ends. For pipes and logs. */
export function openPlainBoard(trials: number, concurrency: number, write: (line: string) => void): Board {
  const totals = new Totals(trials, concurrency);
  return {
    show(event) {
      switch (event.type) {
        case 'started':
          return write(`started ${event.trial.label}`);
        case 'queued':
          return write(describeQueued(event));
        case 'progress':
          return;
        case 'epoch':
          return write(describeEpoch(event.trial, event.record));
        case 'ended':
          totals.count(event.outcome);
          return write(
            `[${totals.describe()}] ${event.outcome.status} ${describeOutcome(event.trial, event.outcome)}`,
          );
        case 'retried':
          return write(describeRetry(event));
        case 'narrowed':
          return write(describeNarrowing(event));
        case 'elsewhere':
          return write(describeElsewhere(event));
        case 'reused':
          totals.count(event.outcome);
          return write(`[${totals.describe()}] ${describeReuse(event)}`);
        case 'interrupted':
          return write(`interrupted ${event.trial.label}`);
        case 'dropped':
          return write(describeDrop(event));
        case 'planned':
          return totals.plan(event);
        case 'stopped':
          return write(describeStop(event));
      }
    },
    close: () => Promise.resolve(),
  };
}
